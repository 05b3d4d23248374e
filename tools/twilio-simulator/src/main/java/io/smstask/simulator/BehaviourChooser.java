package io.smstask.simulator;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/**
 *  Decides what happens to each message: scripted behaviour first, then requested faults, then faults chosen by the
 * form, then faults by rate.
 */
final class BehaviourChooser {
    /**
     * What happens to one message.
     *
     * @param plan empty if none was scripted
     * @param timedFault empty if something was scripted
     */
    record Behaviour(SimulatedAnswer answer, Optional<CallbackPlan> plan, Optional<TimedFault> timedFault) {}

    private final FaultRates atStart;
    private final Queue<SimulatedAnswer> answers = new ArrayDeque<>();
    private final Queue<CallbackPlan> plans = new ArrayDeque<>();
    private final Queue<TimedFault> timedFaults = new ArrayDeque<>();
    private FaultRates faultRates;
    private long messages;
    private Function<Map<String, List<String>>, Optional<TimedFault>> chosen = form -> Optional.empty();

    BehaviourChooser(FaultRates faultRates) {
        this.atStart = faultRates;
        this.faultRates = faultRates;
    }

    synchronized void add(SimulatedAnswer answer) {
        answers.add(answer);
    }

    synchronized void add(CallbackPlan plan) {
        plans.add(plan);
    }

    synchronized void add(TimedFault timedFault) {
        timedFaults.add(timedFault);
    }

    /** Takes effect with the next message, which becomes number 0. */
    synchronized void useFaultRates(FaultRates next) {
        faultRates = next;
        messages = 0;
    }

    synchronized void choose(Function<Map<String, List<String>>, Optional<TimedFault>> faults) {
        chosen = faults;
    }

    /** Returns to the initial state. */
    synchronized void reset() {
        answers.clear();
        plans.clear();
        timedFaults.clear();
        useFaultRates(atStart);
        chosen = form -> Optional.empty();
    }

    /** Called once for each message that passes all checks, with its form. */
    synchronized Behaviour next(Map<String, List<String>> form) {
        long number = messages++;
        var answer = Optional.ofNullable(answers.poll());
        boolean accepted = answer.map(SimulatedAnswer::accepts).orElse(true);
        var plan = accepted ? Optional.ofNullable(plans.poll()) : Optional.<CallbackPlan>empty();
        if (answer.isPresent() || plan.isPresent()) {
            return new Behaviour(answer.orElseGet(SimulatedAnswer::created), plan, Optional.empty());
        }
        var timedFault = Optional.ofNullable(timedFaults.poll())
                .or(() -> chosen.apply(form))
                .or(() -> faultRates.fault(number).map(TimedFault::of));
        return new Behaviour(timedFault.map(TimedFault::answer).orElseGet(SimulatedAnswer::created), plan, timedFault);
    }
}
