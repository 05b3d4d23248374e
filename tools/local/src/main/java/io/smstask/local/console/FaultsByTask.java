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
 * Faults chosen for single tasks, whatever else is sent at the same time. The task id is at the end of the callback
 * URL, so the simulator knows the task.
 */
final class FaultsByTask {

    private final Map<String, Fault> byTask = new ConcurrentHashMap<>();
    private final TwilioSimulator simulator;

    FaultsByTask(TwilioSimulator simulator) {
        this.simulator = simulator;
        simulator.chooseFaults(this::next);
    }

    /** Gives a task a fault, once. A closed port affects every caller, not only this task. */
    void put(String taskId, Fault fault) {
        if (fault == Fault.CONNECTION_REFUSED) {
            simulator.refuseConnections(fault.time());
        } else {
            byTask.put(taskId, fault);
        }
    }

    /** Removes the fault of a task that did not reach the simulator. */
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
