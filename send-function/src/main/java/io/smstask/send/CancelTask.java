package io.smstask.send;

import io.smstask.lambda.Wire;
import io.smstask.send.TwilioAnswer.Accepted;
import io.smstask.send.TwilioAnswer.Red;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.MessageSid;
import io.smstask.task.Recorder;
import io.smstask.task.Retryable;
import io.smstask.task.Rule;
import io.smstask.task.Source;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioAccount;
import io.smstask.twilio.TwilioMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Cancels a task: one that could be run again is closed, the message of another is cancelled at Twilio. What Twilio says is
 * recorded by the same rule as every status, so a callback may come before, after or between.
 */
final class CancelTask {

    /** How long one request may take; cancelling is at most three of them. */
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

    private static final Duration LATEST_RECORD = Duration.ofSeconds(2);

    private final TaskStore store;
    private final Recorder recorder;
    private final CancelGateway gateway;
    private final StackCredentials stack;
    private final Clock clock;

    CancelTask(TaskStore store, CancelGateway gateway, StackCredentials stack, Clock clock) {
        this.store = store;
        this.recorder = new Recorder(store, clock, LATEST_RECORD);
        this.gateway = gateway;
        this.stack = stack;
        this.clock = clock;
    }

    /**
     * @throws InvalidTask if nobody has credentials for the task's account, or Twilio does not accept the caller's
     * @throws StoreUnavailable if the task, or the stack's credentials, cannot be read, or the task could not be closed
     */
    CancelResult cancel(CancelCommand command, Deadline deadline) {
        Optional<Task> found = store.find(command.id());
        if (found.isEmpty()) {
            return new CancelResult.NotFound();
        }
        Task task = found.get().mayRunAgain() ? closed(found.get()) : found.get();
        if (task.isCanceled()) {
            return new CancelResult.Done(task);
        }
        if (task.sid().isEmpty() || task.isHardFinal()) {
            return new CancelResult.Refused(task.seenAt(now()));
        }
        return cancel(task, task.sid().get(), account(command, task.sms().account()), deadline);
    }

    /** The task after it was closed, or as somebody else has moved it on meanwhile. */
    private Task closed(Task task) {
        Instant at = now();
        Recorder.RecordResult recorded = recorder.record(task, new Rule() {
            @Override
            public Task appliedTo(Task seen) {
                return seen.canceled(at);
            }
        });
        if (recorded.failure().isPresent()) {
            throw recorded.failure().get();
        }
        if (!recorded.isStored()) {
            throw new StoreUnavailable("the task could not be closed: other writers were faster each time");
        }
        return recorded.now();
    }

    private SendingAccount account(CancelCommand command, AccountSid sid) {
        if (command.authToken().isPresent()) {
            return new SendingAccount.OfCaller(sid, command.authToken().get(), Optional.empty());
        }
        try {
            Optional<TwilioAccount> own = stack.account(sid);
            if (own.isEmpty()) {
                throw new InvalidTask(Wire.AUTH_TOKEN, "is required: this stack holds none for the task's account");
            }
            return new SendingAccount.OfStack(own.get(), stack);
        } catch (CredentialsUnavailable e) {
            throw e.forCallers();
        }
    }

    private CancelResult cancel(Task task, MessageSid sid, SendingAccount first, Deadline deadline) {
        SendingAccount account = first;
        TwilioAnswer answer = post(sid, account, deadline);
        if (isUnauthorized(answer)) {
            Optional<SendingAccount> changed = account.readAgain();
            if (changed.isEmpty() && account instanceof SendingAccount.OfCaller) {
                throw new InvalidTask(Wire.AUTH_TOKEN, "is not one that Twilio accepts for the task's account");
            }
            account = changed.orElse(account);
            answer = changed.isPresent() ? post(sid, account, deadline) : answer;
        } else if (!(answer instanceof Accepted) && !(answer instanceof Refused)) {
            // The answer was lost, or there was none. Cancelling twice harms nobody.
            answer = post(sid, account, deadline);
        }
        TwilioAnswer last = answer instanceof Accepted
                ? answer
                : gateway.read(account.sid(), sid, account.credentials(), patience(deadline));
        Task now = last instanceof Accepted accepted && accepted.message().sid().equals(sid)
                ? recorded(task, accepted.message().cleaned(account.secrets()))
                : task;
        if (now.isCanceled()) {
            return new CancelResult.Done(now);
        }
        return now.isHardFinal() || isTooLate(answer)
                ? new CancelResult.Refused(now)
                : new CancelResult.NoAnswer(now, error(answer).cleaned(account.secrets()));
    }

    private TwilioAnswer post(MessageSid sid, SendingAccount account, Deadline deadline) {
        return gateway.cancel(account.sid(), sid, account.credentials(), patience(deadline));
    }

    private Duration patience(Deadline deadline) {
        Duration left = deadline.remaining().minus(SafeRetries.KEPT_FOR_RECORD);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(REQUEST_LIMIT) < 0 ? left : REQUEST_LIMIT;
    }

    private Task recorded(Task task, TwilioMessage message) {
        return recorder.record(task, message.report(Source.CANCEL, now())).now();
    }

    private static boolean isUnauthorized(TwilioAnswer answer) {
        return answer instanceof Refused refused && refused.isUnauthorized();
    }

    /** Whether Twilio itself refused, and would again. */
    private static boolean isTooLate(TwilioAnswer answer) {
        return answer instanceof Refused refused
                && !refused.isUnauthorized()
                && refused.error() instanceof Escalation.TwilioError
                && refused.error().retryable() == Retryable.NO;
    }

    private static Escalation error(TwilioAnswer answer) {
        return answer instanceof Red red
                ? red.error()
                : new CallError(CallFailure.BAD_ANSWER, "Twilio answered, but not that the message is cancelled.");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
