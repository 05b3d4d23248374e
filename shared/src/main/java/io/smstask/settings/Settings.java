package io.smstask.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A function's settings, read from the environment once, at start. All that are missing or unusable are reported
 * together, by name and never by value.
 */
public final class Settings {

    /** The table's name. */
    public static final String TASKS_TABLE = "TASKS_TABLE";
    /** send-function: the callback API's public base URL, without a trailing slash. */
    public static final String CALLBACK_BASE_URL = "CALLBACK_BASE_URL";
    /** Optional: the Secrets Manager secret with Twilio's credentials; a prefix if it ends with a slash. */
    public static final String TWILIO_SECRET_ID = "TWILIO_SECRET_ID";
    /** Twilio's API, or a simulator of it. */
    public static final String TWILIO_API_URL = "TWILIO_API_URL";
    /** Days that a task is kept past the end of its wait, at least {@value #MIN_TTL_DAYS}. */
    public static final String TASK_TTL_DAYS = "TASK_TTL_DAYS";
    /** Hours that a task waits for its final status. */
    public static final String WAIT_HOURS = "WAIT_HOURS";

    /** poll-function: the URL of the queue between its two kinds of run. */
    public static final String POLL_QUEUE_URL = "POLL_QUEUE_URL";

    /** Optional: name of the EventBridge bus that gets an event for every task's end. */
    public static final String EVENT_BUS = "EVENT_BUS";
    /** {@code true} if events hold numbers, text and context too. */
    public static final String EVENTS_WITH_PERSONAL_DATA = "EVENTS_WITH_PERSONAL_DATA";

    /** Optional: the name of the stack in log lines and metrics. */
    public static final String SERVICE = "SERVICE";
    /** Optional: the least level of log lines without metrics: {@code INFO}, {@code WARN} or {@code ERROR}. */
    public static final String LOG_LEVEL = "LOG_LEVEL";

    /** {@code true} if tasks keep their texts after they have ended. */
    public static final String KEEP_TEXTS = "KEEP_TEXTS";

    /**
     * send-function, optional: the beginnings of the numbers that it may send to, each a plus and digits, with commas between
     * them.
     */
    public static final String ALLOWED_PREFIXES = "ALLOWED_PREFIXES";
    /** send-function: how many messages one recipient may get in a window; 0 for any number. */
    public static final String RECIPIENT_LIMIT = "RECIPIENT_LIMIT";
    /** send-function: the length of that window. */
    public static final String RECIPIENT_WINDOW_SECONDS = "RECIPIENT_WINDOW_SECONDS";

    /** send-function, optional: the URL of the queue whose messages are calls to send. */
    public static final String SEND_QUEUE_URL = "SEND_QUEUE_URL";
    /** send-function, required with such a queue: the URL of its dead-letter queue. */
    public static final String SEND_DEAD_LETTERS_URL = "SEND_DEAD_LETTERS_URL";
    /** send-function: how often a task from the queue of which surely nothing was sent is run again. */
    public static final String SEND_QUEUE_RETRIES = "SEND_QUEUE_RETRIES";
    /** send-function: after how long that happens first. */
    public static final String RETRY_DELAY_SECONDS = "RETRY_DELAY_SECONDS";

    /** The region; Lambda always sets it. */
    public static final String AWS_REGION = "AWS_REGION";

    static final String AWS_ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID";
    static final String AWS_SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY";
    static final String AWS_SESSION_TOKEN = "AWS_SESSION_TOKEN";
    static final String AWS_ENDPOINT_URL = "AWS_ENDPOINT_URL";

    static final int MIN_TTL_DAYS = 14;

    private static final String DEFAULT_TWILIO_API_URL = "https://api.twilio.com";
    private static final List<String> LOG_LEVELS = List.of("INFO", "WARN", "ERROR");
    private static final int DEFAULT_TTL_DAYS = 30;
    private static final int DEFAULT_WAIT_HOURS = 24;

    /** One item holds the attempts of a window, some 24 bytes each. */
    private static final int MOST_IN_WINDOW = 100;

    private static final int DEFAULT_WINDOW_SECONDS = 3600;
    private static final int SHORTEST_WINDOW_SECONDS = 60;
    private static final int LONGEST_WINDOW_SECONDS = 86_400;
    private static final int MAX_PREFIX_DIGITS = 15;

    private static final int MOST_RETRIES = 1000;
    private static final int DEFAULT_RETRIES = 24;
    private static final int DEFAULT_RETRY_DELAY_SECONDS = 60;
    private static final int LONGEST_RETRY_DELAY_SECONDS = 86_400;

    private final Map<String, String> env;

    private Settings(Map<String, String> env) {
        this.env = env;
    }

    /**
     * The settings in an environment.
     *
     * @param required the settings that this function needs, besides the access key
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public static Settings from(Map<String, String> env, String... required) {
        Settings settings = new Settings(Map.copyOf(env));
        List<String> missing = new ArrayList<>();
        List<String> needed = new ArrayList<>(List.of(required));
        // Without a key no call would be signed, and each would look like an outage.
        needed.add(AWS_ACCESS_KEY_ID);
        needed.add(AWS_SECRET_ACCESS_KEY);
        if (settings.sendQueueUrl().isPresent()) {
            needed.add(SEND_DEAD_LETTERS_URL);
        }
        for (String name : needed) {
            if (settings.optional(name).isEmpty()) {
                missing.add(name);
            }
        }
        List<String> unusable = new ArrayList<>();
        for (String name : List.of(TASKS_TABLE, TWILIO_SECRET_ID, EVENT_BUS, SERVICE, AWS_REGION)) {
            if (settings.optional(name).isPresent() && !isName(env.get(name))) {
                unusable.add(name + " (a name without blanks)");
            }
        }
        for (String url :
                List.of(CALLBACK_BASE_URL, TWILIO_API_URL, POLL_QUEUE_URL, SEND_QUEUE_URL, SEND_DEAD_LETTERS_URL)) {
            if (settings.optional(url).isPresent() && !isBaseUrl(env.get(url))) {
                unusable.add(url + " (an http or https URL without a slash at the end)");
            }
        }
        for (String number : List.of(TASK_TTL_DAYS, WAIT_HOURS)) {
            settings.checkNumber(number, 1, 9999, unusable);
        }
        settings.checkNumber(RECIPIENT_LIMIT, 0, MOST_IN_WINDOW, unusable);
        settings.checkNumber(RECIPIENT_WINDOW_SECONDS, SHORTEST_WINDOW_SECONDS, LONGEST_WINDOW_SECONDS, unusable);
        settings.checkNumber(SEND_QUEUE_RETRIES, 0, MOST_RETRIES, unusable);
        settings.checkNumber(RETRY_DELAY_SECONDS, 1, LONGEST_RETRY_DELAY_SECONDS, unusable);
        for (String prefix : settings.allowedPrefixes()) {
            if (!isPrefix(prefix)) {
                unusable.add(ALLOWED_PREFIXES + " (such as +1,+49)");
                break;
            }
        }
        for (String choice : List.of(EVENTS_WITH_PERSONAL_DATA, KEEP_TEXTS)) {
            String value = settings.optional(choice).orElse("false");
            if (!value.equals("true") && !value.equals("false")) {
                unusable.add(choice + " (true or false)");
            }
        }
        if (!LOG_LEVELS.contains(settings.logLevel())) {
            unusable.add(LOG_LEVEL + " (INFO, WARN or ERROR)");
        }
        for (String name : new TreeSet<>(env.keySet())) {
            if (name.startsWith(AWS_ENDPOINT_URL) && settings.optional(name).isPresent() && !isHttpUrl(env.get(name))) {
                unusable.add(name + " (an http or https URL)");
            }
        }
        if (!missing.isEmpty() || !unusable.isEmpty()) {
            throw new IllegalStateException((missing.isEmpty() ? "" : "environment lacks " + String.join(", ", missing))
                    + (missing.isEmpty() || unusable.isEmpty() ? "" : "; ")
                    + (unusable.isEmpty() ? "" : "environment has unusable " + String.join(", ", unusable)));
        }
        return settings;
    }

    /** {@link #TASKS_TABLE}. */
    public String tasksTable() {
        return env.get(TASKS_TABLE);
    }

    /** {@link #CALLBACK_BASE_URL}. */
    public String callbackBaseUrl() {
        return env.get(CALLBACK_BASE_URL);
    }

    /** {@link #TWILIO_SECRET_ID}; empty if the stack has no credentials of its own. */
    public String twilioSecretId() {
        return optional(TWILIO_SECRET_ID).orElse("");
    }

    /** {@link #TWILIO_API_URL}. */
    public String twilioApiUrl() {
        return optional(TWILIO_API_URL).orElse(DEFAULT_TWILIO_API_URL);
    }

    /** {@link #TASK_TTL_DAYS}. */
    public Duration taskTtl() {
        return Duration.ofDays(Math.max(MIN_TTL_DAYS, number(TASK_TTL_DAYS, DEFAULT_TTL_DAYS)));
    }

    /** {@link #WAIT_HOURS}. */
    public Duration waitForStatus() {
        return Duration.ofHours(number(WAIT_HOURS, DEFAULT_WAIT_HOURS));
    }

    /** {@link #POLL_QUEUE_URL}. */
    public String pollQueueUrl() {
        return env.get(POLL_QUEUE_URL);
    }

    /** {@link #EVENT_BUS}. */
    public Optional<String> eventBus() {
        return optional(EVENT_BUS);
    }

    /** {@link #EVENTS_WITH_PERSONAL_DATA}. */
    public boolean hasEventsWithPersonalData() {
        return optional(EVENTS_WITH_PERSONAL_DATA).orElse("").equals("true");
    }

    /** {@link #SERVICE}. */
    public String service() {
        return optional(SERVICE).orElse("smstask");
    }

    /** {@link #LOG_LEVEL}. */
    public String logLevel() {
        return optional(LOG_LEVEL).orElse("INFO");
    }

    /** {@link #KEEP_TEXTS}. */
    public boolean keepsTexts() {
        return optional(KEEP_TEXTS).orElse("").equals("true");
    }

    /** {@link #ALLOWED_PREFIXES}; empty if all are allowed. */
    public List<String> allowedPrefixes() {
        Optional<String> prefixes = optional(ALLOWED_PREFIXES);
        return prefixes.isPresent() ? List.of(prefixes.get().split(",", -1)) : List.of();
    }

    /** {@link #RECIPIENT_LIMIT}; 0 if there is none. */
    public int recipientLimit() {
        return number(RECIPIENT_LIMIT, 0);
    }

    /** {@link #RECIPIENT_WINDOW_SECONDS}. */
    public Duration recipientWindow() {
        return Duration.ofSeconds(number(RECIPIENT_WINDOW_SECONDS, DEFAULT_WINDOW_SECONDS));
    }

    /** {@link #SEND_QUEUE_URL}; empty if the stack has no such queue. */
    public Optional<String> sendQueueUrl() {
        return optional(SEND_QUEUE_URL);
    }

    /** {@link #SEND_DEAD_LETTERS_URL}. */
    public String sendDeadLettersUrl() {
        return env.get(SEND_DEAD_LETTERS_URL);
    }

    /** {@link #SEND_QUEUE_RETRIES}. */
    public int sendQueueRetries() {
        return number(SEND_QUEUE_RETRIES, DEFAULT_RETRIES);
    }

    /** {@link #RETRY_DELAY_SECONDS}. */
    public Duration retryDelay() {
        return Duration.ofSeconds(number(RETRY_DELAY_SECONDS, DEFAULT_RETRY_DELAY_SECONDS));
    }

    /** {@link #AWS_REGION}; tools may leave it out. */
    public String awsRegion() {
        return optional(AWS_REGION).orElse("us-east-1");
    }

    /**
     * The endpoint of an AWS service if it is not the region's own, from the variables that every AWS SDK reads.
     *
     * @param service in capitals, for instance {@code DYNAMODB}
     * @see
     *     <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">AWS: service-specific endpoints</a>
     */
    public Optional<String> awsEndpoint(String service) {
        Optional<String> own = optional(AWS_ENDPOINT_URL + "_" + service);
        return own.isPresent() ? own : optional(AWS_ENDPOINT_URL);
    }

    /** The access key, as Lambda sets it. */
    public AwsAccessKey awsAccessKey() {
        return new AwsAccessKey(
                env.get(AWS_ACCESS_KEY_ID), env.get(AWS_SECRET_ACCESS_KEY), optional(AWS_SESSION_TOKEN));
    }

    /** AWS credentials from the environment. Printing them shows nothing. */
    public record AwsAccessKey(String id, String secret, Optional<String> sessionToken) {

        @Override
        public String toString() {
            return "***";
        }
    }

    private Optional<String> optional(String name) {
        String value = env.getOrDefault(name, "");
        return value.isBlank() ? Optional.empty() : Optional.of(value);
    }

    private int number(String name, int otherwise) {
        Optional<String> number = optional(name);
        return number.isPresent() ? Integer.parseInt(number.get()) : otherwise;
    }

    private void checkNumber(String name, int least, int most, List<String> unusable) {
        if (optional(name).isPresent() && !isNumber(env.get(name), least, most)) {
            unusable.add(name + " (a whole number from " + least + " to " + most + ")");
        }
    }

    private static boolean isNumber(String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            return number >= least && number <= most;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Whether it is a plus and some digits, of which the first is no zero. */
    private static boolean isPrefix(String value) {
        if (!value.startsWith("+") || value.startsWith("+0")) {
            return false;
        }
        for (int i = 1; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return value.length() > 1 && value.length() <= 1 + MAX_PREFIX_DIGITS;
    }

    private static boolean isName(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) >= 0x7F) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBaseUrl(String value) {
        return isHttpUrl(value) && !value.endsWith("/");
    }

    private static boolean isHttpUrl(String value) {
        try {
            URI url = new URI(value);
            boolean isHttp = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return isHttp
                    && url.getHost() != null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
