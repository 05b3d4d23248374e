package io.smstask.callback;

import io.smstask.credentials.CredentialsUnavailable;
import io.smstask.credentials.StackCredentials;
import io.smstask.seal.CallbackKey;
import io.smstask.seal.CallbackUrl;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Receives Twilio's status callback: reads the task that the URL names, proves with it that the callback is genuine, and
 * hands the status on. Nothing is written before the signature holds, and Twilio is never called from here.
 */
final class StatusCallbacks {

    private static final String MESSAGE_STATUS = "MessageStatus";

    /** When the telling ends: Twilio waits for 5 s, and the write that strikes off who was told comes after it. */
    static final Duration ALL_TOLD = Duration.ofMillis(3800);

    static final Duration TO_TELL = Duration.ofMillis(600);

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
     * Takes one callback.
     *
     * @param id the task that the URL names
     * @param key the one in the URL
     * @throws StoreUnavailable if the task could not be read or written; Twilio must repeat the callback then
     * @throws CredentialsUnavailable if the signature could not be checked, likewise
     * @throws UnreadableTask if the item is not a task, likewise
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
        return new CallbackResult.Genuine(record(task, form, whole), id, whole);
    }

    /** What Twilio and a channel such as WhatsApp say about a failure, without what they may quote. */
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

    private CallbackReply record(Task task, CallbackForm form, StatusReport report) {
        if (!form.value("AccountSid").orElse("").equals(task.sms().account().value())) {
            return CallbackReply.OTHER_ACCOUNT;
        }
        RecordStatus.Recorded recorded = recordStatus.record(task, report);
        return switch (recorded.effect()) {
            case MOVED -> told(recorded.now(), report, CallbackReply.APPLIED);
            case NOTED -> told(recorded.now(), report, CallbackReply.NOTED);
            case OTHER_SID -> CallbackReply.OTHER_SID;
            case GONE -> CallbackReply.NO_SUCH_TASK;
        };
    }

    /** A repeated callback tells again too: the one before it may have been cut off. */
    private CallbackReply told(Task now, StatusReport report, CallbackReply reply) {
        Instant latest = report.at().plus(ALL_TOLD);
        Instant told = clock.instant().plus(TO_TELL);
        tellSubscribers.tell(now, told.isBefore(latest) ? told : latest);
        return reply;
    }

    /** What the form reports; empty where the sid or the status is missing, or cannot be one. */
    private Optional<StatusReport> report(CallbackForm form) {
        Optional<String> sid = form.value("MessageSid").filter(MessageSid::isValid);
        Optional<String> status = form.value(MESSAGE_STATUS).filter(MessageStatus::isWord);
        if (sid.isEmpty() || status.isEmpty() || mayGoOn(form)) {
            return Optional.empty();
        }
        return Optional.of(new StatusReport(
                new MessageSid(sid.get()),
                new MessageStatus(status.get()),
                ErrorCode.read(form.value("ErrorCode").orElse("")),
                Optional.empty(),
                Source.CALLBACK,
                clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    /**
     * Whether the status may have been cut short. Twilio signs names and values as one string without marks between them:
     * the signature of {@code MessageStatus=sent} also fits {@code MessageStatus=sen} before a name that begins with
     * {@code t}. Twilio's own names begin with a capital letter.
     */
    private static boolean mayGoOn(CallbackForm form) {
        String next = form.nameAfter(MESSAGE_STATUS);
        return !next.isEmpty() && MessageStatus.isLetter(next.charAt(0));
    }
}
