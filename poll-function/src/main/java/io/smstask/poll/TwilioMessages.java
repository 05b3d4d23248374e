package io.smstask.poll;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.ListedMessage;
import io.smstask.task.MessageSid;
import io.smstask.task.Sms;
import io.smstask.twilio.RetryAfter;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Twilio's Messages API, read only. It is used on a schedule, where nobody waits for an answer, so the JDK's own client
 * does; it is made by the first look, and again after a pause.
 *
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message">Twilio: fetch a message</a>
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources">Twilio: read
 *     multiple Message resources</a>
 */
final class TwilioMessages implements MessageReader {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    /** A connection that was idle for longer is not used again. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(5);

    /** Twilio's code for a resource that it does not have. */
    private static final int NOT_FOUND = 20404;

    private static final int PAGE_SIZE = 200;
    private static final int MOST_PAGES = 2;

    /** Twilio's longest page. */
    private static final int LONG_PAGE = 1000;

    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(10);

    /** A message takes some 1 KB, a page of 200 with the longest texts below 2 MB. */
    private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

    private final String apiUrl;
    private final Clock clock;
    private Optional<HttpClient> http = Optional.empty();
    private Instant lastUse = Instant.MIN;

    /**
     * @param apiUrl the setting {@code TWILIO_API_URL}
     * @param clock tells how long the connections have been idle, a freeze of the function included
     */
    TwilioMessages(String apiUrl, Clock clock) {
        this.apiUrl = apiUrl;
        this.clock = clock;
    }

    @Override
    public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
        Optional<HttpResponse<byte[]>> answer = get(messages(account) + "/" + sid + ".json", credentials);
        if (answer.isEmpty()) {
            return new Look.Unreadable();
        }
        return switch (answer.get().statusCode()) {
            case 200 -> read(sid, answer.get().body());
            case 401, 403 -> new Look.Refused();
            // A gateway on the way may say so too, but not in Twilio's words.
            case 404 -> isNotFound(answer.get().body()) ? new Look.NotThere() : new Look.Unreadable();
            case 429 -> new Look.RateLimited(retryAfter(answer.get()));
            default -> new Look.Unreadable();
        };
    }

    private static boolean isNotFound(byte[] body) {
        try {
            return Json.parseObject(body).get("code") instanceof Number code && code.intValue() == NOT_FOUND;
        } catch (BadJson e) {
            return false;
        }
    }

    private Duration retryAfter(HttpResponse<?> answer) {
        return RetryAfter.read(answer.headers().firstValue("Retry-After").orElse(""), clock.instant())
                .orElse(Duration.ZERO);
    }

    static Look read(MessageSid sid, byte[] body) {
        try {
            Map<String, Object> resource = Json.parseObject(body);
            return TwilioMessage.read(sid, resource)
                    .<Look>map(message -> new Look.Seen(message, sentAt(resource)))
                    .orElse(new Look.Unreadable());
        } catch (BadJson e) {
            return new Look.Unreadable();
        }
    }

    private static Optional<Instant> sentAt(Map<String, Object> resource) {
        try {
            return TwilioMessage.readSentAt(resource);
        } catch (BadJson e) {
            return Optional.empty();
        }
    }

    /**
     * Twilio's list begins with what was sent last. It is not asked for by date: that would be the date of sending, and a
     * message that is still queued has none.
     */
    @Override
    public Listing list(Sms sms, Instant since, TwilioCredentials credentials) {
        String list = messages(sms.account()) + ".json?";
        String from =
                sms.from().map(number -> "&From=" + encoded(number.value())).orElse("");
        String next = list + "PageSize=" + PAGE_SIZE + "&To=" + encoded(sms.to().value()) + from;
        List<ListedMessage> messages = new ArrayList<>();
        for (int page = 0; page < MOST_PAGES; page++) {
            Optional<HttpResponse<byte[]>> answer = get(next, credentials);
            if (answer.isPresent() && answer.get().statusCode() == 429) {
                return new Listing.RateLimited(retryAfter(answer.get()));
            }
            if (answer.isPresent()
                    && (answer.get().statusCode() == 401 || answer.get().statusCode() == 403)) {
                return new Listing.Refused();
            }
            if (answer.isEmpty() || answer.get().statusCode() != 200) {
                return new Listing.Unreadable();
            }
            try {
                Map<String, Object> read = Json.parseObject(answer.get().body());
                boolean isFarEnough = readPage(read, since, messages);
                next = Json.text(read, "next_page_uri").orElse("");
                if (isFarEnough || next.isEmpty()) {
                    return new Listing.Read(messages);
                }
            } catch (BadJson e) {
                return new Listing.Unreadable();
            }
            // The credentials go there.
            if (!next.startsWith(list)) {
                return new Listing.Unreadable();
            }
        }
        return new Listing.TooLong();
    }

    /**
     * Adds a page's messages that were sent by the API.
     *
     * @return whether the page ends with a message that was sent before that time
     * @throws BadJson if the page is none, or a message cannot be read: it may be the one
     */
    static boolean readPage(Map<String, Object> page, Instant since, List<ListedMessage> messages) throws BadJson {
        if (!(page.get("messages") instanceof List<?> listed)) {
            throw new BadJson("expected a list of messages");
        }
        Optional<Instant> lastSent = Optional.empty();
        for (Object element : listed) {
            if (!(element instanceof Map<?, ?> resource)) {
                throw new BadJson("expected a message");
            }
            lastSent = TwilioMessage.readSentAt(resource);
            if (TwilioMessage.isSentByApi(resource)) {
                messages.add(TwilioMessage.readListed(resource));
            }
        }
        return lastSent.isPresent() && lastSent.get().isBefore(since);
    }

    @Override
    public Listing page(
            AccountSid account, Instant until, String page, TwilioCredentials credentials, Consumer<Look.Seen> each) {
        String list = messages(account) + ".json?";
        // The parameter's name ends with "<", for "by then".
        String first = list + "PageSize=" + LONG_PAGE + "&DateSent%3C="
                + encoded(until.truncatedTo(ChronoUnit.SECONDS).toString());
        String path = page.isEmpty() ? first : page;
        // The credentials go there.
        Optional<HttpRequest> request = path.startsWith(list) ? request(path, credentials) : Optional.empty();
        if (request.isEmpty()) {
            return new Listing.Unreadable();
        }
        CompletableFuture<HttpResponse<InputStream>> pending =
                client().sendAsync(request.get(), HttpResponse.BodyHandlers.ofInputStream());
        Optional<HttpResponse<InputStream>> answer = answer(pending);
        if (answer.isEmpty()) {
            return new Listing.Unreadable();
        }
        // A page that takes too long ends there.
        CompletableFuture<Void> end =
                new CompletableFuture<Void>().completeOnTimeout(null, PAGE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        try (InputStream body = answer.get().body()) {
            end.thenRun(() -> close(body));
            return switch (answer.get().statusCode()) {
                case 200 -> new Listing.PageRead(readMessages(body, each));
                case 401, 403 -> new Listing.Refused();
                case 429 -> new Listing.RateLimited(retryAfter(answer.get()));
                default -> new Listing.Unreadable();
            };
        } catch (BadJson | IOException e) {
            return new Listing.Unreadable();
        } finally {
            // Stops the timer as well.
            end.complete(null);
        }
    }

    private static String readMessages(InputStream body, Consumer<Look.Seen> each) throws BadJson {
        Map<String, Object> rest = Json.parseStream(
                body,
                "messages",
                resource -> TwilioMessage.readSid(resource)
                        .flatMap(sid -> TwilioMessage.read(sid, resource))
                        .map(message -> new Look.Seen(message, sentAt(resource)))
                        .ifPresent(each));
        return Json.text(rest, "next_page_uri").orElse("");
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<HttpResponse<byte[]>> get(String path, TwilioCredentials credentials) {
        Optional<HttpRequest> request = request(path, credentials);
        return request.isEmpty()
                ? Optional.empty()
                : answer(client().sendAsync(request.get(), head -> new BoundedBody(MAX_BODY_BYTES)));
    }

    private Optional<HttpRequest> request(String path, TwilioCredentials credentials) {
        try {
            return Optional.of(HttpRequest.newBuilder(new URI(apiUrl + path))
                    .header("Accept", "application/json")
                    .header("Authorization", basic(credentials))
                    .build());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private <T> Optional<HttpResponse<T>> answer(CompletableFuture<HttpResponse<T>> pending) {
        try {
            // From connecting to the last byte.
            return Optional.of(pending.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            pending.cancel(true);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            isUsed();
        }
    }

    private static String messages(AccountSid account) {
        return "/2010-04-01/Accounts/" + account + "/Messages";
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /**
     * A function may have been frozen since the last call, and its connections may have died unseen. A client that nobody uses
     * any more closes its own.
     */
    private synchronized HttpClient client() {
        if (http.isEmpty() || clock.instant().isAfter(lastUse.plus(LONGEST_IDLE))) {
            http = Optional.of(HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build());
        }
        isUsed();
        return http.get();
    }

    private synchronized void isUsed() {
        lastUse = clock.instant();
    }

    private static String basic(TwilioCredentials credentials) {
        String pair = credentials.username() + ":" + credentials.password().reveal();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
