package io.smstask.proof.storm;

import io.smstask.local.LocalOptions;
import io.smstask.simulator.Account;
import io.smstask.simulator.DeliveryOutcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * One task of a storm. It depends on the seed and its number only.
 *
 * @param number counted from 0
 * @param account the account that sends it
 * @param hasToken whether the call contains the account's AuthToken; otherwise the stack's credentials send
 * @param losesCallbacks whether all its callbacks are lost
 * @param isExecution whether the caller is an execution whose input has an empty task id
 * @param losesAnswers whether every other answer to its callbacks is lost
 * @param callsAtOnce how many callers send it at the same time
 * @param isScheduled whether Twilio holds it for hours
 * @param isCanceled whether each caller cancels it after its call
 * @param isErased whether each caller erases it once it has ended
 */
record StormTask(
        int number,
        String id,
        Account account,
        boolean hasToken,
        String to,
        String body,
        boolean losesCallbacks,
        boolean isExecution,
        boolean losesAnswers,
        int callsAtOnce,
        boolean isScheduled,
        boolean isCanceled,
        boolean isErased) {

    /** An account without credentials in the stack: its messages cannot be polled. */
    static final Account OTHER_ACCOUNT =
            new Account("AC00000000000000000000000000000002", "fedcba9876543210fedcba9876543210");

    /** One task in {@value #CROWD} goes to this recipient, more than the stack lets through. */
    static final String CROWDED = "+15559000000";

    private static final int CROWD = 12;
    private static final String REFUSED = "+15005550001";
    private static final int FOREIGN_ONES = 50;
    private static final String FOREIGN = "+44";
    private static final String SENDER = "+15005550006";
    private static final String MESSAGING_SERVICE = "MG00000000000000000000000000000001";
    private static final List<String> ENDS = Stream.of(DeliveryOutcome.values())
            .map(DeliveryOutcome::number)
            .filter(number -> !number.isEmpty())
            .toList();

    static StormTask of(long seed, int number) {
        // Two tasks in ten are twins: the same text to the same number. Only their callback URLs differ.
        int likeness = number % 10 == 9 ? number - 1 : number;
        var shared = new SplittableRandom(seed * 1_000_003 + likeness);
        String to = recipient(shared, likeness);
        boolean isOthers = shared.nextDouble() < 0.15;
        boolean hasToken = isOthers || shared.nextDouble() < 0.1;
        boolean isScheduled = shared.nextDouble() < 0.05;
        var own = new SplittableRandom(seed * 1_000_003 - 1 - number);
        boolean losesCallbacks = own.nextDouble() < 0.04;
        double lostAnswers = own.nextDouble();
        boolean isExecution = own.nextDouble() < 0.1;
        double repeated = own.nextDouble();
        boolean isCanceled = isScheduled || own.nextDouble() < 0.1;
        // An erased task no longer owns its message, which the poll may take for its twin's: docs/limits.md.
        boolean hasTwin = number % 10 >= 8;
        boolean isErased = own.nextDouble() < 0.18 && !hasTwin;
        // What is not answered comes again, to an erased task too.
        boolean losesAnswers = lostAnswers < (isErased ? 0.3 : 0.04);
        return new StormTask(
                number,
                "storm-" + seed + "-" + number,
                isOthers ? OTHER_ACCOUNT : LocalOptions.SIMULATED_ACCOUNT,
                hasToken,
                to,
                "Your code is " + likeness,
                losesCallbacks,
                isExecution,
                losesAnswers,
                repeated < 0.05 ? 3 : repeated < 0.2 ? 2 : 1,
                isScheduled,
                isCanceled,
                isErased);
    }

    private static String recipient(SplittableRandom random, int number) {
        double kind = random.nextDouble();
        if (number % CROWD == 0) {
            return CROWDED;
        }
        if (number % FOREIGN_ONES == 1) {
            return FOREIGN + (7_400_000_000L + number);
        }
        if (kind < 0.02) {
            return REFUSED;
        }
        if (kind < 0.2) {
            return ENDS.get(random.nextInt(ENDS.size()));
        }
        return "+1555" + (2_000_000 + number);
    }

    /** {@return the number of the task with that id} */
    static int number(String id) {
        return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
    }

    /** {@return whether Twilio refuses it permanently} */
    boolean isRefused() {
        return to.equals(REFUSED);
    }

    /** {@return whether the stack does not send to its country} */
    boolean isForeign() {
        return to.startsWith(FOREIGN);
    }

    /** {@return what must not be left of it once it is erased} */
    List<String> privateTexts() {
        return List.of(to.substring(1), SENDER.substring(1), body, note(), account.authToken());
    }

    private String note() {
        return "Deliver to the customer of " + body;
    }

    /** {@return whether the stack can poll it} */
    boolean canBeAskedFor() {
        return !account.equals(OTHER_ACCOUNT);
    }

    /**
     * {@return the parameters of a call, as a direct caller gives them}
     *
     * @param sendAt when Twilio is to send it, if it is scheduled
     */
    Map<String, Object> parameters(Instant sendAt) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (isExecution) {
            // As from the state machine if its input's id was mapped from an empty field.
            parameters.put("task_id", number % 2 == 0 ? "" : null);
            parameters.put("execution_task_id", id);
        } else {
            parameters.put("task_id", id);
        }
        if (hasToken) {
            parameters.put("AccountSid", account.sid());
            parameters.put("AuthToken", account.authToken());
        }
        parameters.put("number_to", to);
        parameters.put("number_from", isScheduled ? MESSAGING_SERVICE : SENDER);
        if (isScheduled) {
            parameters.put("ScheduleType", "fixed");
            parameters.put("SendAt", sendAt.toString());
        }
        parameters.put("body", body);
        parameters.put("context", Map.of("note", note()));
        return parameters;
    }
}
