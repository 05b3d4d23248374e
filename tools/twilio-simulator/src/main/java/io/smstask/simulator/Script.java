package io.smstask.simulator;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/** Decides what happens to each message: what was scripted goes first, then the faults asked for, then
 * those chosen by its form, then those by rate. */
final class Script {
    /**
     * What happens to one message.
     *
     * @param plan where one was scripted
     * @param mishap only where nothing was scripted
     */
    record Course(Answer answer, Optional<CallbackPlan> plan, Optional<Mishap> mishap) {}

    private final Misbehaviour atStart;
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final Queue<CallbackPlan> plans = new ArrayDeque<>();
    private final Queue<Mishap> mishaps = new ArrayDeque<>();
    private Misbehaviour misbehaviour;
    private long messages;
    private Function<Map<String, List<String>>, Optional<Mishap>> chosen = form -> Optional.empty();

    Script(Misbehaviour misbehaviour) {
        this.atStart = misbehaviour;
        this.misbehaviour = misbehaviour;
    }

    synchronized void add(Answer answer) {
        answers.add(answer);
    }

    synchronized void add(CallbackPlan plan) {
        plans.add(plan);
    }

    synchronized void add(Mishap mishap) {
        mishaps.add(mishap);
    }

    /** From the next message on, which is number 0 for it. */
    synchronized void misbehave(Misbehaviour next) {
        misbehaviour = next;
        messages = 0;
    }

    synchronized void choose(Function<Map<String, List<String>>, Optional<Mishap>> faults) {
        chosen = faults;
    }

    /** Is as it was at the start. */
    synchronized void reset() {
        answers.clear();
        plans.clear();
        mishaps.clear();
        misbehave(atStart);
        chosen = form -> Optional.empty();
    }

    /** Called once for each message that passes all checks, with its form. */
    synchronized Course next(Map<String, List<String>> form) {
        long number = messages++;
        var answer = Optional.ofNullable(answers.poll());
        boolean accepted = answer.map(Answer::accepts).orElse(true);
        var plan = accepted ? Optional.ofNullable(plans.poll()) : Optional.<CallbackPlan>empty();
        if (answer.isPresent() || plan.isPresent()) {
            return new Course(answer.orElseGet(Answer::created), plan, Optional.empty());
        }
        var mishap = Optional.ofNullable(mishaps.poll())
                .or(() -> chosen.apply(form))
                .or(() -> misbehaviour.fault(number).map(Mishap::of));
        return new Course(mishap.map(Mishap::answer).orElseGet(Answer::created), plan, mishap);
    }
}
