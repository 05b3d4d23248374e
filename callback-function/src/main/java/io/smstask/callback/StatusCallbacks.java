package io.smstask.callback;

import io.smstask.lambda.HttpRequest;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
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
import io.smstask.twilio.SecretFault;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioAccount;
import io.smstask.twilio.TwilioCredentials;
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

    static final String FORM = "application/x-www-form-urlencoded";

    private static final String MESSAGE_STATUS = "MessageStatus";

    /** When the telling ends: Twilio waits for 5 s. */
    static final Duration ALL_TOLD = Duration.ofMillis(4000);

    /** How long resuming executions, putting the event and striking off who was told may take together. */
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
     * A callback and what became of it.
     *
     * @param account the task's, where the key is the task's and the signature is not
     * @param report what a genuine callback reported
     * @param outage why it could not be taken now
     */
    record Received(
            Receipt receipt,
            Optional<TaskId> task,
            Optional<AccountSid> account,
            Optional<StatusReport> report,
            Optional<RuntimeException> outage) {

        private static Received refused(Receipt receipt) {
            return new Received(receipt, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        private static Received notSigned(Receipt receipt, Task task) {
            return new Received(
                    receipt,
                    Optional.of(task.id()),
                    Optional.of(task.sms().account()),
                    Optional.empty(),
                    Optional.empty());
        }

        private static Received unavailable(Optional<TaskId> task, RuntimeException outage) {
            return new Received(Receipt.UNAVAILABLE, task, Optional.empty(), Optional.empty(), Optional.of(outage));
        }
    }

    /** Takes one request of the callback API. */
    Received receive(HttpRequest request) {
        String[] path = request.lastSegments(4);
        boolean isOurs = CallbackUrl.PATH.equals("/" + path[0] + "/" + path[1] + "/");
        Optional<CallbackKey> key = CallbackKey.parse(path[2]);
        if (!request.method().equals("POST") || !isOurs || key.isEmpty() || !TaskId.isValid(path[3])) {
            return Received.refused(Receipt.NO_SUCH_TASK);
        }
        if (request.isTooLarge()) {
            return Received.refused(Receipt.TOO_LARGE);
        }
        if (!request.hasContentType(FORM)) {
            return Received.refused(Receipt.NOT_A_FORM);
        }
        TwilioSignature signature =
                new TwilioSignature(request.header(TwilioSignature.HEADER).orElse(""));
        try {
            Form form = Form.parse(request.body());
            Optional<StatusReport> report = report(form);
            return report.isPresent()
                    ? receive(new TaskId(path[3]), key.get(), signature, form, report.get())
                    : Received.refused(Receipt.NOT_PARSABLE);
        } catch (BadForm e) {
            return Received.refused(Receipt.NOT_PARSABLE);
        } catch (StoreUnavailable | CredentialsUnavailable e) {
            return Received.unavailable(Optional.empty(), e);
        } catch (UnreadableTask e) {
            // Whether the callback is genuine cannot be told either. The id is that of a stored item: it may be logged.
            return Received.unavailable(Optional.of(e.id()), e);
        }
    }

    private Received receive(TaskId id, CallbackKey key, TwilioSignature signature, Form form, StatusReport report) {
        Optional<Task> task = store.find(id);
        if (task.isEmpty()) {
            return Received.refused(Receipt.NO_SUCH_TASK);
        }
        Optional<Receipt> refusal = refusal(task.get(), key, signature, form);
        if (refusal.isPresent()) {
            return refusal.get() == Receipt.NO_SUCH_TASK
                    ? Received.refused(refusal.get())
                    : Received.notSigned(refusal.get(), task.get());
        }
        String text = errorText(form);
        StatusReport whole =
                text.isEmpty() ? report : report.withErrorText(TwilioTexts.cleaned(text, secrets(task.get(), key)));
        return new Received(
                record(task.get(), form, whole),
                Optional.of(id),
                Optional.empty(),
                Optional.of(whole),
                Optional.empty());
    }

    /** What Twilio, and a channel such as WhatsApp, say of a failure. */
    private static String errorText(Form form) {
        String twilios = form.value("ErrorMessage").orElse("");
        String channels = form.value("ChannelStatusMessage").orElse("");
        return twilios.equals(channels) ? twilios : (twilios + " " + channels).strip();
    }

    /** What Twilio's text might quote. */
    private List<String> secrets(Task task, CallbackKey key) {
        List<String> secrets = new ArrayList<>();
        secrets.add(key.reveal());
        AccountSid account = task.sms().account();
        if (task.claim().proof() instanceof CallbackProof.SealedToken sealed) {
            for (AuthToken callers : key.unseal(sealed, task.id())) {
                secrets.addAll(TwilioCredentials.of(account, callers).secrets());
            }
        } else {
            secrets.addAll(stack.account(account).orElseThrow().secrets());
        }
        return secrets;
    }

    /** Why the callback is not genuine; empty if it is. */
    private Optional<Receipt> refusal(Task task, CallbackKey key, TwilioSignature signature, Form form) {
        String url = CallbackUrl.of(task.claim().callbackBase(), key, task.id());
        CallbackProof proof = task.claim().proof();
        List<AuthToken> callersTokens =
                proof instanceof CallbackProof.SealedToken sealed ? key.unseal(sealed, task.id()) : List.of();
        if (proof instanceof CallbackProof.KeyHash hash ? !key.matches(hash) : callersTokens.isEmpty()) {
            return Optional.of(Receipt.NO_SUCH_TASK);
        }
        if (signature.value().isEmpty()) {
            return Optional.of(Receipt.UNSIGNED);
        }
        if (!callersTokens.isEmpty()) {
            return signature.isBy(callersTokens, url, form) ? Optional.empty() : Optional.of(Receipt.FORGED);
        }
        if (signature.isBy(tokens(stack.account(task.sms().account())), url, form)) {
            return Optional.empty();
        }
        // The token may have been rotated since the secret was read.
        return signature.isBy(tokens(stack.readAgain(task.sms().account())), url, form)
                ? Optional.empty()
                : Optional.of(Receipt.FORGED);
    }

    private static List<AuthToken> tokens(Optional<TwilioAccount> account) {
        return account.map(TwilioAccount::forSignatures)
                .orElseThrow(() -> new CredentialsUnavailable(SecretFault.NO_SUCH_ACCOUNT));
    }

    private Receipt record(Task task, Form form, StatusReport report) {
        if (!form.value("AccountSid").orElse("").equals(task.sms().account().value())) {
            return Receipt.OTHER_ACCOUNT;
        }
        RecordStatus.Recorded recorded = recordStatus.record(task, report);
        return switch (recorded.effect()) {
            case MOVED -> told(recorded.now(), report, Receipt.APPLIED);
            case NOTED -> told(recorded.now(), report, Receipt.NOTED);
            case OTHER_SID -> Receipt.OTHER_SID;
            case GONE -> Receipt.NO_SUCH_TASK;
        };
    }

    /** A repeated callback tells again too: the one before it may have been cut off. */
    private Receipt told(Task now, StatusReport report, Receipt receipt) {
        Instant latest = report.at().plus(ALL_TOLD);
        Instant told = clock.instant().plus(TO_TELL);
        tellSubscribers.tell(now, told.isBefore(latest) ? told : latest);
        return receipt;
    }

    /** What the form reports; empty where the sid or the status is missing, or cannot be one. */
    private Optional<StatusReport> report(Form form) {
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
    private static boolean mayGoOn(Form form) {
        String next = form.nameAfter(MESSAGE_STATUS);
        return !next.isEmpty() && MessageStatus.isLetter(next.charAt(0));
    }
}
