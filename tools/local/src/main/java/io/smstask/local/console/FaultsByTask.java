package io.smstask.local.console;

import io.smstask.simulator.Fault;
import io.smstask.simulator.TimedFault;
import io.smstask.simulator.TwilioSimulator;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Faults for tasks by their ids. Whoever adds a task chooses its fault, however many others are sent at the same moment: the
 * simulator knows a task by the end of its callback URL.
 */
final class FaultsByTask {

    private final Map<String, Fault> byTask = new ConcurrentHashMap<>();
    private final TwilioSimulator simulator;

    FaultsByTask(TwilioSimulator simulator) {
        this.simulator = simulator;
        simulator.chooseFaults(this::next);
    }

    /** Gives a task a fault, once. A closed port hits the next caller, whoever that is. */
    void put(String taskId, Fault fault) {
        if (fault == Fault.CONNECTION_REFUSED) {
            simulator.refuseConnections(fault.time());
        } else {
            byTask.put(taskId, fault);
        }
    }

    /** Takes back what a task was given that never came to the simulator. */
    void clear(String taskId) {
        byTask.remove(taskId);
    }

    private Optional<TimedFault> next(Map<String, List<String>> form) {
        List<String> callback = form.getOrDefault("StatusCallback", List.of());
        if (callback.isEmpty()) {
            return Optional.empty();
        }
        String path = Optional.ofNullable(URI.create(callback.get(0)).getPath()).orElse("");
        return Optional.ofNullable(byTask.remove(path.substring(path.lastIndexOf('/') + 1)))
                .map(TimedFault::of);
    }
}
