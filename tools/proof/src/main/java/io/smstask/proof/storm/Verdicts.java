package io.smstask.proof.storm;

import io.smstask.simulator.CallbackAttempt;
import io.smstask.simulator.Fault;
import io.smstask.simulator.SimulatedMessage;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Node;
import io.smstask.task.Note;
import io.smstask.task.Retryable;
import io.smstask.task.Source;
import io.smstask.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the end of a task with what Twilio knows. The simulator's lists tell what the functions could know: they
 * know a message if the task has its sid, or if a genuine callback of it was answered with a success.
 */
final class Verdicts {

    private static final Set<Fault> FORGED =
            Set.of(Fault.CALLBACKS_SIGNED_WRONG, Fault.CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT);

    /** How much could be known of a task, or that it is wrong. */
    enum Verdict {
        /** The task says what Twilio says. */
        RIGHT("as Twilio says"),
        /** Nothing was sent, and the task says so. */
        NOT_SENT("not sent, and says so"),
        /** Unknown, and Twilio never took it, which the functions cannot know. */
        UNKNOWN_NOT_SENT("unknown, Twilio never took it"),
        /** Unknown; Twilio took it, but neither its answer nor a callback came through. */
        UNKNOWN_SENT("unknown, Twilio took it, no answer and no callback came through"),
        /** A promise is broken. */
        WRONG("wrong");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** The promises that every run must keep. */
    enum Promise {
        ONE_SMS("tasks with more than one SMS"),
        NONE_LOST("tasks lost, or never ended"),
        NO_FORGERY("tasks that a forged callback got through to"),
        RIGHT_END("tasks that say what Twilio does not"),
        POISON_FOUND("poisoned items neither among the dead letters nor in the log");

        private final String broken;

        Promise(String broken) {
            this.broken = broken;
        }

        /** Row name for the number of tasks that broke it. */
        String broken() {
            return broken;
        }
    }

    /** A broken promise, and how it was broken. */
    record Breach(Promise promise, String how) {}

    /**
     * A verdict on one task.
     *
     * @param breaches empty unless the verdict is {@link Verdict#WRONG}
     */
    record Finding(Verdict verdict, List<Breach> breaches) {}

    /**
     * Everything known about one task at the end.
     *
     * @param messages the messages that Twilio took for it
     * @param callbacks every attempt to post a callback for these messages
     * @param answeredSids the sids in answers to callers
     * @param mustBeRunnable whether callers were told to repeat their call, and no request for the task reached Twilio
     */
    record Evidence(
            StormTask task,
            Optional<Task> stored,
            List<SimulatedMessage> messages,
            List<CallbackAttempt> callbacks,
            Set<String> answeredSids,
            boolean mustBeRunnable) {

        private List<MessageStatus> toldByCallbacks() {
            return callbacks.stream()
                    .filter(Evidence::isTaken)
                    .map(attempt -> new MessageStatus(attempt.status()))
                    .toList();
        }

        private static boolean isTaken(CallbackAttempt attempt) {
            return attempt.responseCode().filter(code -> code / 100 == 2).isPresent();
        }

        private boolean isForged() {
            return messages.stream().anyMatch(Verdicts::isForged);
        }
    }

    private Verdicts() {}

    /** Whether all the callbacks of a message are forged. */
    static boolean isForged(SimulatedMessage message) {
        return message.fault().filter(FORGED::contains).isPresent();
    }

    static Finding of(Evidence evidence) {
        List<Breach> breaches = new ArrayList<>();
        if (evidence.messages().size() > 1) {
            breaches.add(
                    new Breach(Promise.ONE_SMS, "sent " + evidence.messages().size() + " times"));
        }
        if (evidence.isForged() && !evidence.toldByCallbacks().isEmpty()) {
            breaches.add(new Breach(Promise.NO_FORGERY, "a forged callback was answered with a success"));
        }
        Verdict verdict = evidence.stored().isPresent()
                ? verdict(evidence, evidence.stored().get(), breaches)
                : lost("there is no such task", breaches);
        return new Finding(breaches.isEmpty() ? verdict : Verdict.WRONG, breaches);
    }

    private static Verdict verdict(Evidence evidence, Task stored, List<Breach> breaches) {
        if (stored.node() != Node.FINAL && stored.node() != Node.ESCALATION
                || stored.pollAt().isPresent()) {
            return lost("it never ended", breaches);
        }
        if (evidence.isForged() && stored.history().stream().anyMatch(entry -> entry.source() == Source.CALLBACK)) {
            breaches.add(new Breach(Promise.NO_FORGERY, "a forged callback was written"));
        }
        Optional<String> sid = stored.sid().map(MessageSid::value);
        if (sid.isPresent() && evidence.answeredSids().stream().anyMatch(told -> !told.equals(sid.get()))) {
            breaches.add(new Breach(Promise.RIGHT_END, "a caller was told another sid"));
        }
        if (evidence.messages().isEmpty()) {
            return verdictUnsent(evidence, stored, breaches);
        }
        SimulatedMessage message = evidence.messages().get(0);
        if (sid.isPresent()) {
            return sid.get().equals(message.sid())
                    ? verdictKnown(evidence, stored, message, breaches)
                    : wrong("it has another message's sid", breaches);
        }
        if (!evidence.toldByCallbacks().isEmpty()) {
            return wrong("a callback was taken, and its sid is lost", breaches);
        }
        return isUnknown(stored)
                ? Verdict.UNKNOWN_SENT
                : wrong("Twilio took it, and it does not say that this is unknown", breaches);
    }

    private static Verdict verdictUnsent(Evidence evidence, Task stored, List<Breach> breaches) {
        if (stored.sid().isPresent() || stored.node() == Node.FINAL || stored.isHardFinal()) {
            return wrong("it claims a message that Twilio never took", breaches);
        }
        Retryable retryable = stored.escalation().map(Escalation::retryable).orElse(Retryable.NO);
        if (retryable == Retryable.NO && !evidence.task().isRefused()) {
            return wrong("it is given up, and Twilio did not refuse it", breaches);
        }
        if (retryable == Retryable.UNKNOWN && evidence.mustBeRunnable()) {
            return lost("its caller was told to repeat the call, which can never run it", breaches);
        }
        return retryable == Retryable.UNKNOWN ? Verdict.UNKNOWN_NOT_SENT : Verdict.NOT_SENT;
    }

    private static Verdict verdictKnown(
            Evidence evidence, Task stored, SimulatedMessage message, List<Breach> breaches) {
        MessageStatus truth = new MessageStatus(message.status());
        boolean isReadable =
                message.fault().filter(Fault.READ_NOT_FOUND::equals).isEmpty();
        boolean mustKnowAll = evidence.task().canBeAskedFor() && isReadable;
        int least = mustKnowAll
                ? truth.rank()
                : evidence.toldByCallbacks().stream()
                        .mapToInt(MessageStatus::rank)
                        .max()
                        .orElse(MessageStatus.NO_RANK);
        if (stored.rank() < least || stored.rank() > truth.rank()) {
            return wrong("it says " + stored.status() + ", Twilio says " + truth, breaches);
        }
        if (stored.isHardFinal()) {
            return verdictFinal(stored, message, breaches);
        }
        boolean isSent = stored.status().map(MessageStatus::word).orElse("").equals("sent");
        boolean isUnconfirmed = stored.node() == Node.FINAL
                && stored.history().stream().anyMatch(entry -> entry.note().equals(Optional.of(Note.UNCONFIRMED)));
        boolean isTimeout = stored.node() == Node.ESCALATION && isOurs(stored);
        return (isSent ? isUnconfirmed : isTimeout)
                ? Verdict.RIGHT
                : wrong("it ended without a final status as " + stored.node(), breaches);
    }

    private static Verdict verdictFinal(Task stored, SimulatedMessage message, List<Breach> breaches) {
        MessageStatus status = stored.status().orElseThrow();
        if (!status.word().equals(message.status()) || stored.node() != status.node()) {
            return wrong(
                    "it ended as " + status + " in " + stored.node() + ", Twilio says " + message.status(), breaches);
        }
        Optional<String> code = stored.escalation().map(Escalation::code);
        return code.equals(message.errorCode().map(String::valueOf))
                ? Verdict.RIGHT
                : wrong("its code is " + code + ", Twilio's " + message.errorCode(), breaches);
    }

    /** Whether the task ended with an error code of our own. */
    private static boolean isOurs(Task stored) {
        return stored.escalation()
                .map(Escalation::code)
                .flatMap(CallFailure::of)
                .isPresent();
    }

    private static boolean isUnknown(Task stored) {
        return stored.node() == Node.ESCALATION
                && stored.escalation().map(Escalation::retryable).equals(Optional.of(Retryable.UNKNOWN));
    }

    private static Verdict wrong(String why, List<Breach> breaches) {
        breaches.add(new Breach(Promise.RIGHT_END, why));
        return Verdict.WRONG;
    }

    private static Verdict lost(String why, List<Breach> breaches) {
        breaches.add(new Breach(Promise.NONE_LOST, why));
        return Verdict.WRONG;
    }
}
