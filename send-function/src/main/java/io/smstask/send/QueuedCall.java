package io.smstask.send;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A message of the queue: a call to send.
 *
 * @param body the call's JSON
 * @param retries how often its task was run again
 * @param delaySeconds how long it is not to be run yet; at most a day, whatever the message says
 */
record QueuedCall(String body, int retries, int delaySeconds) {

    /** As long as a recipient's window may be, and longer than Twilio's limits last. */
    private static final int LONGEST_DELAY_SECONDS = 86_400;

    private static final String TOKEN = "token";

    /** In place of a body that cannot be read, so that nothing can be removed from it. */
    private static final String WITHHELD = "{\"withheld\":\"not JSON, and may hold a token\"}";

    QueuedCall {
        delaySeconds = Math.min(delaySeconds, LONGEST_DELAY_SECONDS);
    }

    /** Whether it must not be run yet. */
    boolean isEarly() {
        return delaySeconds > 0;
    }

    /**
     * What it asks for.
     *
     * @throws InvalidTask with every problem, if there is any
     */
    SendCommand command() {
        byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > HttpRequest.MAX_BODY_BYTES) {
            throw new InvalidTask("(message)", "must be at most 64 KB");
        }
        try {
            return SendParameters.readQueued(Json.parseUnchecked(utf8));
        } catch (BadJson e) {
            throw new InvalidTask("(message)", e.getMessage());
        }
    }

    /** This call, to be run again after a while. */
    QueuedCall again(Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        return new QueuedCall(body, retries + 1, (int) Math.min(LONGEST_DELAY_SECONDS, seconds));
    }

    /** The body as it came, but for members whose name, in whatever spelling, is that of a token. */
    String bodyWithoutTokens() {
        try {
            Map<String, Object> kept = new LinkedHashMap<>();
            Map<String, Object> given = Json.parseObject(body);
            for (Map.Entry<String, Object> member : given.entrySet()) {
                if (!hasToken(member.getKey())) {
                    kept.put(member.getKey(), member.getValue());
                }
            }
            return kept.size() == given.size() ? body : ascii(Json.writeText(kept));
        } catch (BadJson e) {
            return hasToken(body) ? WITHHELD : body;
        }
    }

    private static boolean hasToken(String text) {
        return text.toLowerCase(Locale.ROOT).contains(TOKEN);
    }

    /** SQS refuses a few characters; JSON can write each as an escape, and outside of texts it has ASCII only. */
    private static String ascii(String json) {
        StringBuilder ascii = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x7F) {
                ascii.append(c);
            } else {
                ascii.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return ascii.toString();
    }

    /** Shows no number, text or token. */
    @Override
    public String toString() {
        return "QueuedCall[" + retries + " retries, " + delaySeconds + " s]";
    }
}
