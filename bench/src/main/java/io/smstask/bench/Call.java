package io.smstask.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A request to DynamoDB or Twilio.
 *
 * @param host as the caller named it
 * @param path with the query
 */
record Call(String host, String method, String path, Map<String, List<String>> headers, byte[] body) {

    private static final String TARGET = "X-amz-target";

    boolean isTwilio() {
        return host.startsWith("api.twilio.com");
    }

    /**
     * Which answer it gets: DynamoDB's operation or Twilio's resource, and whether it is about a task of ours. What a function
     * calls before its first event is not.
     */
    String key() {
        return operation() + (isAboutTask() ? " (task)" : "");
    }

    private String operation() {
        for (var header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(TARGET)) {
                String target = header.getValue().get(0);
                return target.substring(target.indexOf('.') + 1);
            }
        }
        String resource = path.split("\\?", 2)[0];
        return method + " " + resource.substring(resource.lastIndexOf('/') + 1);
    }

    boolean isAboutTask() {
        return text().contains(Events.TASK_PREFIX) || path.contains(Events.TASK_PREFIX);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
