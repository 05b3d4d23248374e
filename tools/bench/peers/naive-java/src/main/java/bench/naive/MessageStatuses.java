package bench.naive;

import java.util.Map;

/**
 * Twilio neither orders nor dates its callbacks: a status replaces only what ranks lower. The first final wins, and
 * {@code read} comes after {@code delivered}.
 */
final class MessageStatuses {

    private static final Map<String, Integer> RANKS = Map.of(
            "scheduled", 10,
            "accepted", 10,
            "queued", 20,
            "sending", 30,
            "sent", 40,
            "delivered", 50,
            "undelivered", 60,
            "failed", 60,
            "canceled", 60,
            "read", 60);

    private MessageStatuses() {}

    static int rank(String status) {
        return RANKS.getOrDefault(status, 0);
    }

    /** What a stored rank must be below for this status to replace it. */
    static int ceiling(String status) {
        return status.equals("read") ? 60 : Math.min(rank(status), 50);
    }

    static String node(String status) {
        if (status.equals("delivered") || status.equals("read")) {
            return "Final";
        }
        return rank(status) >= 50 ? "Escalation" : "Waiting for Callback";
    }
}
