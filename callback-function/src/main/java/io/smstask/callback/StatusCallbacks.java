package io.smstask.callback;

import io.smstask.task.ErrorCode;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.RecordStatus;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.TwilioTexts;
import io.smstask.task.UnreadableTask;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CallbackUrl;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies Twilio's status callbacks: reads the task, checks the signature, records the status, and notifies the
 * subscribers if the task has ended. It writes nothing before the signature is verified, and it never calls Twilio.
 */
final class StatusCallbacks {

    private static final String MESSAGE_STATUS = "MessageStatus";

    /** When notifying the subscribers must end, counted from the callback's arrival. Twilio waits for 5 s. */
    static final Duration ALL_TOLD = Duration.ofMillis(4000);

    /** How long notifying the subscribers may take, with the write that removes those who were notified. */
    static final Duration TO_TELL = Duration.ofMillis(800);

    private final TaskStore store;
    private final RecordStatus recordStatus;
    private final TellSubscribers tellSubscribers;
    private final StackCredentials stack;
    private final Clock clock;

    StatusCallbacks(
            TaskStore store,
            RecordStatus recordStatus,
            TellSubscribers tellSubscribers,
            StackCredentials stack,
            Clock clock) {
        this.store = store;
        this.recordStatus = recordStatus;
        this.tellSubscribers = tellSubscribers;
        this.stack = stack;
        this.clock = clock;
    }

    /**
     * Checks and records one callback. If it throws, Twilio must repeat the callback.
     *
     * @param id the task id in the callback's URL
     * @param key the callback key in the URL
     * @param signature what the callback was signed with; blank if there was no signature
     * @throws StoreUnavailable if the task could not be read or written
     * @throws CredentialsUnavailable if the stack's credentials could not be read to check the signature
     * @throws UnreadableTask if the item is not a task
     */
    CallbackResult receive(TaskId id, CallbackKey key, TwilioSignature signature, CallbackForm form) {
        Optional<StatusReport> report = report(form);
        if (report.isEmpty()) {
            return new CallbackResult.Refused(CallbackReply.NOT_PARSABLE);
        }
        Optional<Task> found = store.find(id);
        if (found.isEmpty()) {
            return new CallbackResult.Refused(CallbackReply.NO_SUCH_TASK);
        }
        Task task = found.get();
        if (task.isErased()) {
            // Nothing is left to verify a signature with where the caller's own token was, and nothing is written.
            boolean isKey = key.matches(task.claim().proof().key());
            return new CallbackResult.Refused(isKey ? CallbackReply.ERASED : CallbackReply.NO_SUCH_TASK);
        }
        Optional<SigningAccount> account = SigningAccount.of(task, key, stack);
        if (account.isEmpty()) {
            return new CallbackResult.Refused(CallbackReply.NO_SUCH_TASK);
        }
        if (signature.value().isEmpty()) {
            return new CallbackResult.NotSigned(CallbackReply.UNSIGNED, task);
        }
        if (!account.get().hasSigned(CallbackUrl.of(task.claim().callbackBase(), key, id), form, signature)) {
            return new CallbackResult.NotSigned(CallbackReply.FORGED, task);
        }
        StatusReport whole = withErrorText(report.get(), form, key, account.get());
        return record(task, form, whole);
    }

    /** Adds what Twilio, or a channel such as WhatsApp, says about an error, without the secrets that it may quote. */
    private static StatusReport withErrorText(
            StatusReport report, CallbackForm form, CallbackKey key, SigningAccount account) {
        String twilios = form.value("ErrorMessage").orElse("");
        String channels = form.value("ChannelStatusMessage").orElse("");
        String text = twilios.equals(channels) ? twilios : (twilios + " " + channels).strip();
        if (text.isEmpty()) {
            return report;
        }
        List<String> secrets = new ArrayList<>(account.secrets());
        secrets.add(key.reveal());
        return report.withErrorText(TwilioTexts.cleaned(text, secrets));
    }

    private CallbackResult record(Task task, CallbackForm form, StatusReport report) {
        if (!form.value("AccountSid").orElse("").equals(task.sms().account().value())) {
            return new CallbackResult.Genuine(CallbackReply.OTHER_ACCOUNT, report, task, task);
        }
        RecordStatus.Recorded recorded = recordStatus.record(task, report);
        CallbackReply reply = switch (recorded.effect()) {
            case MOVED -> told(recorded.now(), report, CallbackReply.APPLIED);
            case NOTED -> told(recorded.now(), report, CallbackReply.NOTED);
            case OTHER_SID -> CallbackReply.OTHER_SID;
            case GONE -> recorded.now().isErased() ? CallbackReply.ERASED : CallbackReply.NO_SUCH_TASK;
        };
        return recorded.effect() == RecordStatus.Effect.GONE
                ? new CallbackResult.Refused(reply)
                : new CallbackResult.Genuine(reply, report, task, recorded.now());
    }

    /** A repeated callback notifies too: the one before it may have been cut off. */
    private CallbackReply told(Task now, StatusReport report, CallbackReply reply) {
        Instant latest = report.at().plus(ALL_TOLD);
        Instant told = clock.instant().plus(TO_TELL);
        tellSubscribers.tell(now, told.isBefore(latest) ? told : latest);
        return reply;
    }

    /** What the form reports; empty if the sid or the status is missing or malformed. */
    private Optional<StatusReport> report(CallbackForm form) {
        String sid = form.value("MessageSid").orElse("");
        String status = form.value(MESSAGE_STATUS).orElse("");
        if (!MessageSid.isValid(sid) || !MessageStatus.isWord(status) || mayBeCutShort(form)) {
            return Optional.empty();
        }
        return Optional.of(new StatusReport(
                new MessageSid(sid),
                new MessageStatus(status),
                ErrorCode.read(form.value("ErrorCode").orElse("")),
                Optional.empty(),
                Optional.empty(),
                Source.CALLBACK,
                clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    /**
     * Whether the status may have been cut short. Twilio signs names and values as one string without separators, so the
     * signature of {@code MessageStatus=sent} also fits {@code MessageStatus=sen} followed by a name that begins with
     * {@code t}. Twilio's own names begin with a capital letter.
     */
    private static boolean mayBeCutShort(CallbackForm form) {
        String next = form.nameAfter(MESSAGE_STATUS);
        return !next.isEmpty() && MessageStatus.isLetter(next.charAt(0));
    }
}
