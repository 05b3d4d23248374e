package io.smstask.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A request to DynamoDB, Secrets Manager or Twilio.
 *
 * @param host as the caller named it
 * @param path with the query
 */
record DownstreamCall(String host, String method, String path, Map<String, List<String>> headers, byte[] body) {

    private static final String TARGET = "X-Amz-Target";
    private static final String ATTEMPT = "amz-sdk-request";

    boolean isTwilio() {
        return host.startsWith("api.twilio.com");
    }

    boolean isSecretsManager() {
        return host.startsWith("secretsmanager.");
    }

    /**
     * Which answer it gets: AWS's operation or Twilio's resource, and whether it is about a task of ours. What a function
     * calls before its first event is not.
     */
    String key() {
        return operation() + (isAboutTask() ? " (task)" : "");
    }

    private String operation() {
        String target = header(TARGET);
        if (!target.isEmpty()) {
            return target.substring(target.indexOf('.') + 1);
        }
        String resource = path.split("\\?", 2)[0];
        return method + " " + resource.substring(resource.lastIndexOf('/') + 1);
    }

    boolean isAboutTask() {
        return text().contains(Events.TASK_PREFIX) || path.contains(Events.TASK_PREFIX);
    }

    /** Whether AWS's SDK says that this is not its first attempt. */
    boolean isRepeated() {
        return header(ATTEMPT).contains("attempt=") && !header(ATTEMPT).contains("attempt=1");
    }

    private String header(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getValue().get(0))
                .findFirst()
                .orElse("");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
