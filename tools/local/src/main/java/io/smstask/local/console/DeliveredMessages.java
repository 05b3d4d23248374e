package io.smstask.local.console;

import io.smstask.simulator.SimulatedMessage;
import io.smstask.simulator.TwilioSimulator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the simulator has delivered, as on the recipients' phones, whether or not the task knows. */
final class DeliveredMessages {

    private static final int SHOWN = 20;
    private static final Set<String> ARRIVED = Set.of("delivered", "read");

    private final TwilioSimulator simulator;
    private final Set<String> seen = new LinkedHashSet<>();
    private final Deque<Map<String, Object>> latest = new ArrayDeque<>();

    DeliveredMessages(TwilioSimulator simulator) {
        this.simulator = simulator;
    }

    /** {@return whether something has arrived since the last call} */
    synchronized boolean look() {
        boolean isNew = false;
        for (SimulatedMessage message : simulator.messages()) {
            if (ARRIVED.contains(message.status()) && seen.add(message.sid())) {
                latest.addFirst(json(message));
                isNew = true;
            }
        }
        while (latest.size() > SHOWN) {
            latest.removeLast();
        }
        return isNew;
    }

    /** The latest messages, newest first, and the number of all. */
    synchronized Map<String, Object> json() {
        List<Object> messages = new ArrayList<>(latest);
        return Map.of("count", seen.size(), "messages", messages);
    }

    private static Map<String, Object> json(SimulatedMessage message) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sid", message.sid());
        json.put("to", message.to());
        json.put("from", message.from().orElse(""));
        json.put("body", message.body());
        return json;
    }
}
