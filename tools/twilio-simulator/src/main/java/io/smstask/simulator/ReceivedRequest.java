package io.smstask.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request that the simulator received, whatever it answered. {@code toString} omits the form, which contains numbers,
 * the text and the callback URL. Credentials are not kept.
 *
 * @param query not decoded; empty if there was none
 * @param form decoded, in the order of the body; empty if the body is not a readable form
 */
public record ReceivedRequest(Instant at, String method, String path, String query, Map<String, List<String>> form) {
    @Override
    public String toString() {
        return method + " " + path;
    }
}
