package io.smstask.lambda;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.json.Json;
import io.smstask.settings.Settings;
import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One line of JSON per event that matters. It accepts ids, statuses, codes, classes of errors and AWS's names; it has
 * no method for a number, a text, a token or a message of Twilio's.
 */
public final class Log {

    /** Of all metrics at CloudWatch. */
    public static final String NAMESPACE = "smstask";

    private static final String SERVICE = "service";
    private static final String REASON = "reason";
    private static final int LONGEST_REQUEST_ID = 64;

    private final Function logs;
    private final Consumer<String> lines;
    private final String functionRequestId;
    private String apiRequestId = "";

    private Log(Function logs, Consumer<String> lines, String functionRequestId) {
        this.logs = logs;
        this.lines = lines;
        this.functionRequestId = functionRequestId;
    }

    /** For lines that belong to no event. */
    public Log(Consumer<String> lines) {
        this(Function.ofNoEvent(), lines, "");
    }

    /** A log whose lines are built and go nowhere, for an event that nobody has sent. */
    public static Log silent() {
        return new Log(new Consumer<>() {
            @Override
            public void accept(String line) {
                // Nothing has happened.
            }
        });
    }

    /**
     * Names API Gateway's request in all further lines.
     *
     * @param id ignored unless it looks like one, since whoever invokes a function directly writes the event himself
     */
    public void apiRequest(String id) {
        apiRequestId = isRequestId(id) ? id : "";
    }

    private static boolean isRequestId(String id) {
        boolean hasLetter = false;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!isLetter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '=') {
                return false;
            }
            hasLetter |= isLetter;
        }
        return hasLetter && id.length() <= LONGEST_REQUEST_ID;
    }

    /** Starts a line; {@link Line#write()} ends it. */
    public Line event(String event) {
        return event(Level.INFO, event);
    }

    /** Starts a line of this level. */
    public Line event(Level level, String event) {
        return new Line(level, event);
    }

    /** A line under construction. */
    public final class Line {

        private final Level level;
        private final Map<String, Object> fields = new LinkedHashMap<>();
        private final List<Metric> metrics = new ArrayList<>();

        private Line(Level level, String event) {
            this.level = level;
            fields.put("level", level.name());
            fields.put("message", event);
        }

        /** Names the task. */
        public Line task(TaskId id) {
            fields.put(Wire.TASK_ID, id.value());
            return this;
        }

        /** Names the task and says where it stands. */
        public Line task(Task task) {
            fields.put(Wire.TASK_ID, task.id().value());
            fields.put(Wire.NODE, task.node().label());
            if (task.sid().isPresent()) {
                sid(task.sid().get());
            }
            if (task.status().isPresent()) {
                status(task.status().get());
            }
            if (task.escalation().isPresent()) {
                fields.put(Wire.CODE, task.escalation().get().code());
            }
            return this;
        }

        /** Names the account. */
        public Line account(AccountSid sid) {
            fields.put(Wire.ACCOUNT_SID, sid.value());
            return this;
        }

        /** Names the message. */
        public Line sid(MessageSid sid) {
            fields.put(Wire.SID, sid.value());
            return this;
        }

        /** Twilio's status; an unknown word is logged as {@code unknown}, since it could be anything. */
        public Line status(MessageStatus status) {
            fields.put(Wire.STATUS, status.isKnown() ? status.word() : "unknown");
            return this;
        }

        /** The HTTP status of our answer. */
        public Line answer(int httpStatus) {
            fields.put("answer", httpStatus);
            return this;
        }

        /**
         * The classes of the error and its cause, and the AWS error or the secret's fault behind it, if any. Messages
         * may quote input, so they stay out.
         */
        public Line error(Throwable error) {
            fields.put("error", error.getClass().getName());
            if (error.getCause() != null) {
                fields.put("cause", error.getCause().getClass().getName());
            }
            Optional<AwsError> aws = AwsFailure.in(error);
            if (aws.isPresent()) {
                aws(aws.get());
            }
            Optional<SecretFault> secret = CredentialsUnavailable.faultIn(error);
            if (secret.isPresent()) {
                secret(secret.get());
            }
            return this;
        }

        /** The AWS error's name, and the HTTP status if there was an answer. */
        public Line aws(AwsError error) {
            fields.put("aws_error", error.name());
            if (error.httpStatus() != 0) {
                fields.put("aws_status", error.httpStatus());
            }
            return this;
        }

        /** What is wrong with the secret. */
        public Line secret(SecretFault fault) {
            fields.put("secret", fault.word());
            return this;
        }

        /** How often it happened. */
        public Line count(int count) {
            fields.put("count", count);
            return this;
        }

        /** A number that CloudWatch counts. */
        public Line metric(Metric metric, long number) {
            fields.put(metric.word(), number);
            metrics.add(metric);
            return this;
        }

        /** What an outage of AWS, or a wrong configuration, counts as. */
        public Line outage(RuntimeException error) {
            error(error);
            if (error instanceof StoreUnavailable outage) {
                Optional<Metric> metric = Metric.ofOutage(outage.code());
                if (metric.isPresent()) {
                    metric(metric.get(), 1);
                }
            }
            return this;
        }

        /** What became of a task that has ended, after Twilio took it. */
        public Line end(Task task) {
            if (task.escalation().isPresent()) {
                reason(task.escalation().get().reason().word());
                metric(Metric.UNDELIVERED, 1);
            } else {
                metric(Metric.DELIVERED, 1);
            }
            long millis = Duration.between(task.createdAt(), task.updatedAt()).toMillis();
            return metric(Metric.TASKS_ENDED, 1).metric(Metric.TIME_TO_FINAL, millis);
        }

        /** Why it happened, in a word of ours. */
        public Line reason(String word) {
            fields.put(REASON, word);
            return this;
        }

        /** What the history says about a callback that moved nothing. */
        public Line note(String word) {
            fields.put(Wire.NOTE, word);
            return this;
        }

        /** Writes the line. One with metrics is written at every level, since alarms depend on it. */
        public void write() {
            if (metrics.isEmpty() && !logs.takes(level)) {
                return;
            }
            fields.put(SERVICE, logs.service());
            if (!functionRequestId.isEmpty()) {
                fields.put("function_request_id", functionRequestId);
            }
            if (!apiRequestId.isEmpty()) {
                fields.put("api_request_id", apiRequestId);
            }
            fields.put("cold_start", logs.isFirstLine());
            if (!metrics.isEmpty()) {
                Map<String, Object> embedded = new LinkedHashMap<>();
                embedded.put("Timestamp", logs.millis());
                embedded.put("CloudWatchMetrics", directives());
                fields.put("_aws", embedded);
            }
            lines.accept(Json.writeText(fields) + "\n");
        }

        private List<Object> directives() {
            List<Object> totals = new ArrayList<>();
            List<Object> byReason = new ArrayList<>();
            for (Metric metric : metrics) {
                Map<String, Object> definition = new LinkedHashMap<>();
                definition.put("Name", metric.word());
                definition.put("Unit", metric.unit());
                (metric.isByReason() && fields.containsKey(REASON) ? byReason : totals).add(definition);
            }
            List<Object> directives = new ArrayList<>();
            if (!totals.isEmpty()) {
                directives.add(directive(List.of(List.of(SERVICE)), totals));
            }
            if (!byReason.isEmpty()) {
                directives.add(directive(List.of(List.of(SERVICE), List.of(SERVICE, REASON)), byReason));
            }
            return directives;
        }

        private static Map<String, Object> directive(List<Object> dimensions, List<Object> metrics) {
            Map<String, Object> directive = new LinkedHashMap<>();
            directive.put("Namespace", NAMESPACE);
            directive.put("Dimensions", dimensions);
            directive.put("Metrics", metrics);
            return directive;
        }
    }

    /** The log of one process: what the lines of all its events have in common. */
    public static final class Function {

        private final String service;
        private final Level least;
        private final Clock clock;
        private final AtomicBoolean isStarted = new AtomicBoolean();

        private Function(String service, Level least, Clock clock) {
            this.service = service;
            this.least = least;
            this.clock = clock;
        }

        /** As the environment wants it. */
        public Function(Settings settings, Clock clock) {
            this(settings.service(), Level.valueOf(settings.logLevel()), clock);
        }

        /** For lines that belong to no event: without metrics, so without the time. */
        static Function ofNoEvent() {
            return new Function(NAMESPACE, Level.INFO, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        }

        /** The log of one event. */
        public Log of(Invocation invocation) {
            return new Log(this, invocation.log(), invocation.requestId());
        }

        String service() {
            return service;
        }

        boolean takes(Level level) {
            return level.compareTo(least) >= 0;
        }

        /** Whether no line has been written before; true once. */
        boolean isFirstLine() {
            return isStarted.compareAndSet(false, true);
        }

        long millis() {
            return clock.millis();
        }
    }
}
