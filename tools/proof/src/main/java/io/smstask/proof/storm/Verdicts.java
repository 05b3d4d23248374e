package io.smstask.proof.storm;

import io.smstask.simulator.CallbackAttempt;
import io.smstask.simulator.Fault;
import io.smstask.simulator.ReceivedRequest;
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
import java.time.Instant;
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
        BRAKED("tasks for a country that is not allowed, and Twilio was called"),
        LIMIT("windows in which a recipient got more than the limit"),
        CANCELED("tasks that a caller was told are cancelled, and are not"),
        TEXTS_GONE("ended tasks that have kept their texts"),
        ERASED("tasks not erased, or of which a number, a sid or a text is left"),
        STAYS_ERASED("erased tasks that were run again, or changed by a callback"),
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
     * What is known of a task that was erased.
     *
     * @param begun when the first call began that may have erased it
     * @param told when the first caller had heard that it is erased
     * @param left its item
     * @param fault what a callback or a repeat of its call has done to it, or was answered with
     */
    record Erasure(Instant begun, Instant told, String left, Optional<String> fault) {}

    /**
     * Everything known about one task at the end.
     *
     * @param messages the messages that Twilio took for it
     * @param callbacks every attempt to post a callback for these messages
     * @param posts every request for its message that reached Twilio
     * @param answeredSids the sids in answers to callers
     * @param mustBeRunnable whether callers were told to repeat their call, and no request for the task reached Twilio
     * @param isToldCanceled whether a caller was told that it is cancelled
     * @param erasure empty if nobody was told that it is erased
     */
    record Evidence(
            StormTask task,
            Optional<Task> stored,
            List<SimulatedMessage> messages,
            List<CallbackAttempt> callbacks,
            List<ReceivedRequest> posts,
            Set<String> answeredSids,
            boolean mustBeRunnable,
            boolean isToldCanceled,
            Optional<Erasure> erasure) {

        /** An erased task takes every callback, whatever it says. */
        private List<MessageStatus> toldByCallbacks() {
            return callbacks.stream()
                    .filter(Evidence::isTaken)
                    .filter(attempt -> erasure.isEmpty()
                            || attempt.at().isBefore(erasure.get().begun()))
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
        if (evidence.task().isForeign() && !evidence.posts().isEmpty()) {
            breaches.add(new Breach(
                    Promise.BRAKED, "it was POSTed " + evidence.posts().size() + " times"));
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
        checkTexts(stored, breaches);
        checkErasure(evidence, stored, breaches);
        checkCanceled(evidence, stored, breaches);
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
        if (sid.isPresent() && !sid.get().equals(message.sid())) {
            return wrong("it has another message's sid", breaches);
        }
        if (sid.isPresent() || stored.isErased() && stored.status().isPresent()) {
            return verdictKnown(evidence, stored, message, breaches);
        }
        if (!evidence.toldByCallbacks().isEmpty()) {
            return wrong("a callback was taken, and its sid is lost", breaches);
        }
        return isUnknown(stored)
                ? Verdict.UNKNOWN_SENT
                : wrong("Twilio took it, and it does not say that this is unknown", breaches);
    }

    private static void checkTexts(Task stored, List<Breach> breaches) {
        if (!stored.mayRunAgain()
                && (stored.sms().body().isPresent() || stored.context().isPresent())) {
            breaches.add(new Breach(Promise.TEXTS_GONE, "it has ended"));
        }
    }

    private static void checkErasure(Evidence evidence, Task stored, List<Breach> breaches) {
        if (stored.isErased() != evidence.task().isErased()
                || stored.isErased() != evidence.erasure().isPresent()) {
            breaches.add(new Breach(Promise.ERASED, stored.isErased() ? "nobody asked for it" : "it is not erased"));
            return;
        }
        if (evidence.erasure().isEmpty()) {
            return;
        }
        Erasure erasure = evidence.erasure().get();
        List<String> secrets = new ArrayList<>(evidence.task().privateTexts());
        evidence.messages().forEach(message -> secrets.add(message.sid()));
        secrets.removeIf(secret -> !erasure.left().contains(secret));
        if (!secrets.isEmpty()) {
            breaches.add(new Breach(Promise.ERASED, secrets + " is left"));
        }
        if (evidence.posts().stream().anyMatch(post -> post.at().isAfter(erasure.told()))) {
            breaches.add(new Breach(Promise.STAYS_ERASED, "it was POSTed after it was erased"));
        }
        erasure.fault().ifPresent(fault -> breaches.add(new Breach(Promise.STAYS_ERASED, fault)));
    }

    /** The task may not know it: where Twilio's answer was not recorded, a callback or the poll must bring it. */
    private static void checkCanceled(Evidence evidence, Task stored, List<Breach> breaches) {
        boolean isTrue = evidence.messages().isEmpty()
                ? stored.isCanceled()
                : evidence.messages().get(0).status().equals(CallFailure.CANCELED.code());
        if (evidence.isToldCanceled() && !isTrue) {
            breaches.add(new Breach(Promise.CANCELED, "Twilio says otherwise, or it may be run again"));
        }
    }

    private static Verdict verdictUnsent(Evidence evidence, Task stored, List<Breach> breaches) {
        if (stored.sid().isPresent()
                || stored.node() == Node.FINAL
                || stored.status().isPresent()) {
            return wrong("it claims a message that Twilio never took", breaches);
        }
        boolean isUnknown = isUnknown(stored);
        if (isUnknown) {
            return evidence.mustBeRunnable()
                    ? lost("its caller was told to repeat the call, which can never run it", breaches)
                    : Verdict.UNKNOWN_NOT_SENT;
        }
        boolean mayBeGivenUp = stored.mayRunAgain()
                || stored.isErased()
                || evidence.task().isRefused()
                || evidence.task().isForeign()
                || evidence.task().isCanceled() && stored.isCanceled();
        return mayBeGivenUp
                ? Verdict.NOT_SENT
                : wrong("it is given up, and neither Twilio nor a brake nor a caller has stopped it", breaches);
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
                && (stored.isErased()
                        || stored.history().stream()
                                .anyMatch(entry -> entry.note().equals(Optional.of(Note.UNCONFIRMED))));
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
        Optional<String> expected = message.errorCode()
                .map(String::valueOf)
                .or(() -> status.node() == Node.ESCALATION ? Optional.of(status.word()) : Optional.empty());
        return code.equals(expected)
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

    /** An erased task says no more than its code. */
    private static boolean isUnknown(Task stored) {
        Optional<Retryable> retryable = stored.isErased()
                ? stored.escalation()
                        .map(Escalation::code)
                        .flatMap(CallFailure::of)
                        .map(CallFailure::retryable)
                : stored.escalation().map(Escalation::retryable);
        return retryable.equals(Optional.of(Retryable.UNKNOWN));
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
