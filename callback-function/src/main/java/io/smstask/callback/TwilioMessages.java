package io.smstask.callback;

import io.smstask.credentials.TwilioCredentials;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Twilio's Messages API, read only. It is used on a schedule and never on the way of a callback, so the JDK's own client
 * does; it is made when the first look is taken.
 *
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message">Twilio: fetch a message</a>
 */
final class TwilioMessages implements MessageReader {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    /** A message takes some 1 KB, a page of 200 with the longest texts below 2 MB. */
    private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

    private final String apiUrl;
    private Optional<HttpClient> http = Optional.empty();

    /**
     * @param apiUrl the setting {@code TWILIO_API_URL}
     */
    TwilioMessages(String apiUrl) {
        this.apiUrl = apiUrl;
    }

    @Override
    public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(apiUrl + "/2010-04-01/Accounts/" + account + "/Messages/" + sid + ".json"))
                .header("Accept", "application/json")
                .header("Authorization", basic(credentials))
                .build();
        CompletableFuture<HttpResponse<byte[]>> pending =
                client().sendAsync(request, head -> new BoundedBody(MAX_BODY_BYTES));
        try {
            // From connecting to the last byte.
            HttpResponse<byte[]> answer = pending.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return switch (answer.statusCode()) {
                case 200 -> read(answer.body());
                case 404 -> new Look.NotThere();
                case 429 -> new Look.RateLimited();
                default -> new Look.Unreadable();
            };
        } catch (ExecutionException | TimeoutException e) {
            pending.cancel(true);
            return new Look.Unreadable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Look.Unreadable();
        }
    }

    private static Look read(byte[] body) {
        try {
            Map<String, Object> message = Json.parseObject(body);
            return message.get("status") instanceof String status && MessageStatus.isWord(status)
                    ? new Look.Seen(
                            new MessageStatus(status),
                            number(message.get("error_code")).map(String::valueOf),
                            number(message.get("num_segments")))
                    : new Look.Unreadable();
        } catch (BadJson e) {
            return new Look.Unreadable();
        }
    }

    /** Twilio writes {@code error_code} as a number or null, and {@code num_segments} as a text. */
    private static Optional<Integer> number(Object value) {
        try {
            return value == null ? Optional.empty() : Optional.of(Integer.valueOf(value.toString()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private synchronized HttpClient client() {
        if (http.isEmpty()) {
            http = Optional.of(HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build());
        }
        return http.get();
    }

    private static String basic(TwilioCredentials credentials) {
        String pair = credentials.username() + ":" + credentials.password().reveal();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
