package io.smstask.local.console;

import io.smstask.simulator.DeliveryOutcome;
import io.smstask.simulator.Fault;
import io.smstask.simulator.TwilioSimulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The simulator's outcomes and faults, in plain words for the form. */
final class SimulatorLabels {

    private SimulatorLabels() {}

    /** The ends, each with the recipient that selects it; every other recipient leads to the first. */
    static List<Map<String, Object>> ends() {
        List<Map<String, Object>> ends = new ArrayList<>();
        for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
            String words = outcome.errorCode()
                    .map(code -> code + " " + outcome.errorMessage())
                    .orElse(outcome.number().isEmpty() ? "delivered" : "sent: no receipt from the carrier");
            ends.add(end(group(outcome), outcome.number(), words));
        }
        TwilioSimulator.refusedRecipients()
                .forEach((number, error) ->
                        ends.add(end("Red end: refused by Twilio", number, error.code() + " " + error.text())));
        // Ordered by the groups' first members, since a browser draws one heading for each run of a group.
        List<Object> order =
                ends.stream().map(end -> end.get("group")).distinct().toList();
        ends.sort(Comparator.comparing(end -> order.indexOf(end.get("group"))));
        return ends;
    }

    private static String group(DeliveryOutcome outcome) {
        return switch (outcome.lastStatus()) {
            case "delivered" -> "Green end";
            case "sent" -> "Green end, once a day has passed";
            default -> "Red end: not delivered";
        };
    }

    private static Map<String, Object> end(String group, String number, String words) {
        return Map.of("group", group, "number", number, "words", words);
    }

    /** What can go wrong. */
    static List<Map<String, Object>> faults() {
        return Arrays.stream(Fault.values())
                .map(fault -> Map.<String, Object>of("name", fault.name(), "words", words(fault)))
                .toList();
    }

    private static String words(Fault fault) {
        return switch (fault) {
            case CALLBACKS_BEFORE_ANSWER -> "callbacks come before the answer";
            case CALLBACKS_REORDERED -> "callbacks come in reverse order";
            case CALLBACKS_DUPLICATED -> "each callback comes twice";
            case CALLBACKS_DROPPED -> "no callback comes";
            case CALLBACKS_DELAYED -> "callbacks come " + late(fault);
            case CALLBACKS_SIGNED_WRONG -> "callbacks are forged";
            case CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT -> "callbacks are another account's";
            case ACCEPTED_THEN_CLOSED -> "taken, but the connection is lost";
            case ACCEPTED_THEN_500 -> "taken, but the answer is error 500";
            case ACCEPTED_THEN_502 -> "taken, but the answer is error 502";
            case ACCEPTED_THEN_503 -> "taken, but the answer is error 503";
            case ACCEPTED_THEN_HTML -> "taken, but the answer is a web page";
            case WITHOUT_SID -> "the answer has no sid";
            case WITHOUT_STATUS -> "the answer has no status";
            case HANG -> "not taken, and no answer comes";
            case SLOW_ANSWER -> "the answer comes " + late(fault);
            case RATE_LIMITED -> "not taken: too many requests";
            case RATE_LIMITED_WITH_RETRY_AFTER -> "not taken: too many requests, retry later";
            case QUOTA -> "not taken: the daily limit is reached";
            case REFUSED_IN_TEXT -> "not taken: refused in plain text";
            case CONNECTION_REFUSED -> "Twilio is away for " + seconds(fault);
            case READ_NOT_FOUND -> "the poll does not find the message";
            case CANCELED_THEN_CLOSED -> "cancelled, but the connection is lost";
        };
    }

    private static String late(Fault fault) {
        return seconds(fault) + " late";
    }

    private static String seconds(Fault fault) {
        return fault.time().toSeconds() + " s";
    }
}
