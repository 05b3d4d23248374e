package io.smstask.send;

import io.smstask.task.CallFailure;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.MessageSid;
import io.smstask.task.Recorder;
import io.smstask.task.Retryable;
import io.smstask.task.Rule;
import io.smstask.task.SendAt;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.ClaimResult;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CallbackUrl;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Sends the SMS of a task: claims the task, calls Twilio once, records the outcome. A task that was claimed before is
 * answered as it stands, or run again if surely nothing was sent.
 */
final class SendSms {

    private static final int CLAIM_ID_BYTES = 16;
    private static final int CLAIM_TRIES = 4;

    /** How long claiming may take, with all tries, a read and the release. */
    static final Duration CLAIM_LIMIT = Duration.ofSeconds(4);

    /** When the last write may begin: recording takes 4 s at most, and one write 2 s. */
    private static final Duration LATEST_RECORD = Duration.ofSeconds(2);

    private final TaskStore store;
    private final Recorder recorder;
    private final SafeRetries retries;
    private final Brakes brakes;
    private final StackCredentials stack;
    private final String callbackBase;
    private final Duration waitForStatus;
    private final Subscribers subscribers;
    private final Clock clock;
    private final SecureRandom random;

    /**
     * @param subscribers to notify of every task's end
     */
    SendSms(
            TaskStore store,
            SafeRetries retries,
            Brakes brakes,
            StackCredentials stack,
            String callbackBase,
            Duration waitForStatus,
            Subscribers subscribers,
            Clock clock,
            SecureRandom random) {
        this.store = store;
        this.recorder = new Recorder(store, clock, LATEST_RECORD);
        this.retries = retries;
        this.brakes = brakes;
        this.stack = stack;
        this.callbackBase = callbackBase;
        this.waitForStatus = waitForStatus;
        this.subscribers = subscribers;
        this.clock = clock;
        this.random = random;
    }

    /**
     * @throws InvalidTask if nobody has credentials for the account
     * @throws StoreUnavailable if Twilio was not called because the store, or the stack's credentials, could not be reached
     *     in time, or cannot be used at all
     */
    SendResult send(SendCommand command, Deadline deadline) {
        SendingAccount account = account(command);
        Sms sms = command.sms(account.sid());
        CallbackKey key = CallbackKey.random(random);
        ClaimResult claim = claim(command, sms, account, key, deadline);
        if (claim instanceof ClaimResult.Claimed claimed) {
            return call(claimed.task(), account, key, deadline);
        }
        Task stored = claim.task();
        if (!stored.fingerprint().isOf(sms)) {
            return new SendResult.Conflict(stored.id());
        }
        Task seen = stored.seenAt(now());
        return seen.isBeingCalled() ? new SendResult.InProgress(seen) : new SendResult.Repeated(seen);
    }

    private SendingAccount account(SendCommand command) {
        try {
            return SendingAccount.of(command, stack);
        } catch (CredentialsUnavailable e) {
            throw e.forCallers();
        }
    }

    private ClaimResult claim(
            SendCommand command, Sms sms, SendingAccount account, CallbackKey key, Deadline deadline) {
        Instant now = now();
        Claim first = new Claim(newClaimId(), 1, deadline.at(), callbackBase, account.proof(key, command.id(), random));
        Task seen = Task.claimed(command.id(), sms, first, now, dueAt(sms, now)).with(subscribers);
        if (command.context().isPresent()) {
            seen = seen.withContext(command.context().get());
        }
        TaskStore step = store.within(CLAIM_LIMIT);
        ClaimResult result = step.claim(seen);
        // A subscriber may just have been notified of the previous attempt's end: that write breaks the claim's
        // condition, so try again.
        for (int i = 0; i < CLAIM_TRIES && result instanceof ClaimResult.Taken taken; i++) {
            Task stored = taken.task();
            if (!isRunAgainBy(sms, stored) || i > 0 && !isSameAttempt(stored, seen)) {
                return result;
            }
            seen = stored;
            result = step.claimAgain(stored, stored.claimedAgain(first.after(stored.claim()), now, dueAt(sms, now)));
        }
        return result;
    }

    private static boolean isRunAgainBy(Sms sms, Task stored) {
        return stored.mayRunAgain() && stored.fingerprint().isOf(sms);
    }

    private SendResult call(Task task, SendingAccount account, CallbackKey key, Deadline deadline) {
        // The brakes take their time from Twilio's.
        Deadline twilios = deadline.notAfter(now().plus(SafeRetries.LIMIT).plus(SafeRetries.KEPT_FOR_RECORD));
        checkTime(task, twilios);
        Optional<Brakes.Stop> stop = stop(task);
        if (stop.isPresent()) {
            SendResult.Sent red = recordEscalation(task, stop.get().error());
            return new SendResult.Stopped(red.task(), stop.get().retryAfter(), red.isRecorded());
        }
        checkTime(task, twilios);
        String callback = CallbackUrl.of(task.claim().callbackBase(), key, task.id()) + CallbackUrl.OVERRIDES;
        SafeRetries.Answered answered = retries.send(task.sms(), account, callback, twilios);
        List<String> secrets = new ArrayList<>(account.secrets());
        secrets.addAll(answered.account().secrets());
        secrets.add(key.reveal());
        // They go with the task's end, so no error may keep them.
        secrets.addAll(task.sms().quotable());
        return answered.answer().match(new AnswerRecorder(task, answered.account(), secrets));
    }

    private void checkTime(Task task, Deadline deadline) {
        if (!retries.hasTime(deadline)) {
            boolean isReleased = release(task, "Too little time was left. Twilio was not called.");
            throw new StoreUnavailable("too little time was left to call Twilio", !isReleased);
        }
    }

    private Optional<Brakes.Stop> stop(Task task) {
        try {
            return brakes.stop(task);
        } catch (StoreUnavailable e) {
            boolean isReleased =
                    release(task, "The messages to the recipient could not be counted. Twilio was not called.");
            if (isReleased) {
                throw e;
            }
            StoreUnavailable claimLeft =
                    new StoreUnavailable("the messages to the recipient could not be counted", true);
            claimLeft.initCause(e.getCause());
            throw claimLeft;
        }
    }

    /** Records that the task was not sent and can be run again. */
    private boolean release(Task task, String why) {
        return recordEscalation(task, new CallError(CallFailure.STORE_UNAVAILABLE, why))
                .isRecorded();
    }

    /** Records what Twilio answered. */
    private final class AnswerRecorder implements TwilioAnswer.Cases<SendResult.Sent> {

        private final Task task;
        private final SendingAccount account;
        private final List<String> secrets;

        private AnswerRecorder(Task task, SendingAccount account, List<String> secrets) {
            this.task = task;
            this.account = account;
            this.secrets = secrets;
        }

        @Override
        public SendResult.Sent accepted(TwilioAnswer.Accepted accepted) {
            return recordTaken(task, accepted.message().cleaned(secrets).report(Source.SEND, now()));
        }

        @Override
        public SendResult.Sent incomplete(TwilioAnswer.Incomplete incomplete) {
            if (incomplete.sid().isEmpty()) {
                return recordEscalation(
                        task,
                        new CallError(CallFailure.STATUS_MISSING, "Twilio answered with success, but without a sid."));
            }
            // A task with a sid is never run again.
            Escalation noStatus = new CallError(
                    CallFailure.STATUS_MISSING,
                    "Twilio answered with success, but without a status.",
                    Optional.empty(),
                    Retryable.NO);
            MessageSid sid = incomplete.sid().get();
            Instant at = now();
            return recordRed(task, new Rule() {
                @Override
                public Task appliedTo(Task seen) {
                    return seen.escalated(sid, noStatus, at);
                }
            });
        }

        @Override
        public SendResult.Sent red(TwilioAnswer.Red red) {
            Escalation escalation = escalation(red, account).cleaned(secrets);
            SendResult.Sent sent = recordEscalation(task, escalation);
            return new SendResult.Sent(sent.task(), red.retryAfter(), sent.isRecorded());
        }
    }

    /** Records that Twilio took the message, without undoing what a faster callback has written. */
    private SendResult.Sent recordTaken(Task task, StatusReport report) {
        Recorder.RecordResult recorded = recorder.record(task, report);
        boolean isRecorded = recorded.isStored() && recorded.now().sid().equals(Optional.of(report.sid()));
        return new SendResult.Sent(asCalled(recorded.now(), task, report), Optional.empty(), isRecorded);
    }

    private SendResult.Sent recordEscalation(Task task, Escalation escalation) {
        Instant at = now();
        return recordRed(task, new Rule() {
            @Override
            public Task appliedTo(Task seen) {
                return seen.escalated(escalation, at);
            }
        });
    }

    /** Records a red exit; a faster callback wins. */
    private SendResult.Sent recordRed(Task task, Rule exit) {
        Recorder.RecordResult recorded = recorder.record(task, new Rule() {
            @Override
            public Task appliedTo(Task seen) {
                return isSameAttempt(seen, task) ? exit.appliedTo(seen) : seen;
            }
        });
        // If the answer to the write was lost, another call may run the task by now; this call still answers with
        // its own outcome.
        Task now = isSameAttempt(recorded.now(), task) ? recorded.now() : exit.appliedTo(task);
        return new SendResult.Sent(asCalled(now, task, exit), Optional.empty(), recorded.isStored());
    }

    /** The caller that has just brought the texts gets them back, although the task may have lost them by its end. */
    private static Task asCalled(Task now, Task called, Rule outcome) {
        return now.isErased() ? outcome.appliedTo(called) : now.withTextsOf(called);
    }

    private static boolean isSameAttempt(Task one, Task other) {
        return one.claim().id().equals(other.claim().id());
    }

    /**
     * A task that was refused for the stack's credentials may run again, once its operator has corrected them; for a
     * caller's own it may not.
     */
    private static Escalation escalation(TwilioAnswer.Red red, SendingAccount account) {
        return red instanceof TwilioAnswer.Refused refused
                        && refused.isUnauthorized()
                        && account instanceof SendingAccount.OfStack
                ? refused.errorThatMayRunAgain()
                : red.error();
    }

    /** The wait for a final status begins when Twilio is to send. */
    private Instant dueAt(Sms sms, Instant now) {
        // If SendAt cannot be read, Twilio's answer decides.
        Instant scheduled = sms.sendAt().orElse(now);
        Instant latest = now.plus(SendAt.FURTHEST);
        Instant start = scheduled.isAfter(latest) ? latest : scheduled.isAfter(now) ? scheduled : now;
        return start.plus(waitForStatus);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private String newClaimId() {
        byte[] id = new byte[CLAIM_ID_BYTES];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
