package io.smstask.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request that the simulator got, whatever it answered. Its text leaves out the form, which holds numbers, the message
 * and the callback URL; credentials are not kept at all.
 *
 * @param query undecoded, empty where there was none
 * @param form decoded, in the order of the body; empty where the body is no readable form
 */
public record ReceivedRequest(Instant at, String method, String path, String query, Map<String, List<String>> form) {
    @Override
    public String toString() {
        return method + " " + path;
    }
}
