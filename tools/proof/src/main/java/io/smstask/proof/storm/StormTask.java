package io.smstask.proof.storm;

import io.smstask.local.LocalOptions;
import io.smstask.simulator.Account;
import io.smstask.simulator.DeliveryOutcome;
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
        int callsAtOnce) {

    /** An account without credentials in the stack: its messages cannot be polled. */
    static final Account OTHER_ACCOUNT =
            new Account("AC00000000000000000000000000000002", "fedcba9876543210fedcba9876543210");

    private static final String REFUSED = "+15005550001";
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
        var own = new SplittableRandom(seed * 1_000_003 - 1 - number);
        boolean losesCallbacks = own.nextDouble() < 0.04;
        boolean losesAnswers = own.nextDouble() < 0.04;
        boolean isExecution = own.nextDouble() < 0.1;
        double repeated = own.nextDouble();
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
                repeated < 0.05 ? 3 : repeated < 0.2 ? 2 : 1);
    }

    private static String recipient(SplittableRandom random, int number) {
        double kind = random.nextDouble();
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

    /** {@return whether the stack can poll it} */
    boolean canBeAskedFor() {
        return !account.equals(OTHER_ACCOUNT);
    }

    /** {@return the parameters of a call, as a direct caller gives them} */
    Map<String, Object> parameters() {
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
        parameters.put("number_from", "+15005550006");
        parameters.put("body", body);
        return parameters;
    }
}
