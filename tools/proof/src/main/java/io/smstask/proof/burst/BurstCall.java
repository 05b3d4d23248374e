package io.smstask.proof.burst;

import io.smstask.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One call of a burst. It depends on the seed and its number only.
 *
 * @param number counted from 0
 * @param copies how many messages hold it
 */
record BurstCall(long seed, int number, Kind kind, int copies) {

    private static final String REFUSED = "+15005550001";
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    /** What is to become of a call. */
    enum Kind {
        /** It is sent. */
        USUAL(""),
        /** Twilio refuses the recipient. */
        REFUSED("21211"),
        /** It holds the token of an account that the stack does not know. */
        WITH_TOKEN("invalid_task"),
        /** It has no task id. */
        NAMELESS("invalid_task"),
        /** It has the task id of the usual call before it, and another text: one of the two is sent. */
        CONFLICT("task_conflict");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** Why it is a dead letter; empty if it is none. */
        String code() {
            return code;
        }
    }

    static BurstCall of(long seed, int number) {
        double copied = new SplittableRandom(seed * 1_000_003 - 1 - number).nextDouble();
        Kind drawn = drawn(seed, number);
        boolean isPossible = drawn != Kind.CONFLICT || number > 0 && drawn(seed, number - 1) == Kind.USUAL;
        return new BurstCall(seed, number, isPossible ? drawn : Kind.USUAL, copied < 0.03 ? 3 : copied < 0.13 ? 2 : 1);
    }

    private static Kind drawn(long seed, int number) {
        double chance = new SplittableRandom(seed * 1_000_003 + number).nextDouble();
        if (chance < 0.02) {
            return Kind.REFUSED;
        }
        if (chance < 0.03) {
            return Kind.WITH_TOKEN;
        }
        if (chance < 0.04) {
            return Kind.NAMELESS;
        }
        return chance < 0.05 ? Kind.CONFLICT : Kind.USUAL;
    }

    String taskId() {
        return "burst-" + seed + "-" + (kind == Kind.CONFLICT ? number - 1 : number);
    }

    /** The number of the call with that task id. */
    static int number(String taskId) {
        return Integer.parseInt(taskId.substring(taskId.lastIndexOf('-') + 1));
    }

    /** The message's body. */
    String body() {
        Map<String, Object> call = new LinkedHashMap<>();
        if (kind != Kind.NAMELESS) {
            call.put("task_id", taskId());
        }
        if (kind == Kind.WITH_TOKEN) {
            call.put("AccountSid", "AC00000000000000000000000000000002");
            call.put("AuthToken", TOKEN);
        }
        call.put("number_to", kind == Kind.REFUSED ? REFUSED : "+1555" + (2_000_000 + number));
        call.put("number_from", "+15005550006");
        call.put("body", "Your code is " + number);
        call.put("context", Map.of("number", number));
        return Json.writeText(call);
    }

    static boolean holdsToken(String body) {
        return body.contains(TOKEN);
    }
}
