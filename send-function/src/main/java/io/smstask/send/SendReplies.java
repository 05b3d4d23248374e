package io.smstask.send;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.json.Json;
import io.smstask.lambda.HttpEvents;
import io.smstask.lambda.TaskJson;
import io.smstask.lambda.Wire;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.KnownError;
import io.smstask.task.Misconfigured;
import io.smstask.task.Reason;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.UnreadableTask;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The answers of the tasks API, and of direct invocation. */
final class SendReplies {

    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    /** Twilio seldom says when a quota is over; quotas are per hour or per day. */
    private static final Duration QUOTA_RETRY_AFTER = Duration.ofHours(1);

    /** By then the poll, which runs each minute, has ended a task that is due. */
    private static final Duration TIME_TO_END = Duration.ofMinutes(2);

    private static final String CLAIM_LEFT =
            " The claim could not be released: the task may later read as outcome_unknown.";

    private static final long SOONEST_READ_SECONDS = 60;

    /** An execution may have 25,000 events, and each read takes 13 at most: the longest wait is some 1,400 reads. */
    private static final long READS_OF_A_WAIT = 200;

    private SendReplies() {}

    /** The HTTP answer to a call to send. */
    static APIGatewayV2HTTPResponse http(SendResult result) {
        return result.match(new HttpReplies());
    }

    /**
     * The answer to a direct call to send: the task, whatever Twilio said.
     *
     * @param now when the seconds to wait begin
     * @throws TaskConflict if the task id belongs to other parameters
     * @throws TaskInProgress if another call is sending the task
     */
    static Map<String, Object> direct(SendResult result, Instant now) {
        return result.match(new DirectReplies(now));
    }

    private static final class HttpReplies implements SendResult.Cases<APIGatewayV2HTTPResponse> {

        @Override
        public APIGatewayV2HTTPResponse sent(SendResult.Sent sent) {
            return tookIt(sent.task())
                    ? HttpEvents.json(201, location(sent.task()), TaskJson.of(sent.task()))
                    : escalated(sent);
        }

        @Override
        public APIGatewayV2HTTPResponse stopped(SendResult.Stopped stopped) {
            return stopped.retryAfter().isPresent()
                    ? escalated(stopped.task(), stopped.retryAfter().get())
                    : escalated(stopped.task());
        }

        @Override
        public APIGatewayV2HTTPResponse repeated(SendResult.Repeated repeated) {
            return tookIt(repeated.task())
                    ? HttpEvents.json(200, Map.of(), TaskJson.of(repeated.task()))
                    : escalated(repeated.task());
        }

        @Override
        public APIGatewayV2HTTPResponse inProgress(SendResult.InProgress inProgress) {
            return HttpEvents.json(202, location(inProgress.task()), TaskJson.of(inProgress.task()));
        }

        @Override
        public APIGatewayV2HTTPResponse conflict(SendResult.Conflict conflict) {
            return HttpEvents.json(409, Map.of(), SendReplies.conflict());
        }
    }

    private record DirectReplies(Instant now) implements SendResult.Cases<Map<String, Object>> {

        @Override
        public Map<String, Object> sent(SendResult.Sent sent) {
            return sent.retryAfter().isPresent()
                    ? repeatable(sent.task(), sent.retryAfter().get(), now)
                    : repeatable(sent.task(), now);
        }

        @Override
        public Map<String, Object> stopped(SendResult.Stopped stopped) {
            return stopped.retryAfter().isPresent()
                    ? repeatable(stopped.task(), stopped.retryAfter().get(), now)
                    : withWaits(stopped.task(), now);
        }

        @Override
        public Map<String, Object> repeated(SendResult.Repeated repeated) {
            return repeatable(repeated.task(), now);
        }

        @Override
        public Map<String, Object> inProgress(SendResult.InProgress inProgress) {
            throw new TaskInProgress(Json.writeText(SendReplies.inProgress(inProgress.task())));
        }

        @Override
        public Map<String, Object> conflict(SendResult.Conflict conflict) {
            throw new TaskConflict(Json.writeText(SendReplies.conflict()));
        }
    }

    /** The HTTP answer to a call to cancel. */
    static APIGatewayV2HTTPResponse http(CancelResult result) {
        return result.match(new CancelHttpReplies());
    }

    /** The answer to a direct call to cancel: data, whatever became of it. */
    static Map<String, Object> direct(CancelResult result) {
        return result.match(new CancelDirectReplies());
    }

    private static final class CancelHttpReplies implements CancelResult.Cases<APIGatewayV2HTTPResponse> {

        @Override
        public APIGatewayV2HTTPResponse done(CancelResult.Done done) {
            return found(done.task());
        }

        @Override
        public APIGatewayV2HTTPResponse refused(CancelResult.Refused refused) {
            return HttpEvents.json(409, Map.of(), TaskJson.of(refused.task()));
        }

        @Override
        public APIGatewayV2HTTPResponse noAnswer(CancelResult.NoAnswer noAnswer) {
            boolean isLate = noAnswer.error().code().equals(CallFailure.TIMEOUT.code());
            return HttpEvents.json(isLate ? 504 : 502, Map.of(), error(noAnswer.error()));
        }

        @Override
        public APIGatewayV2HTTPResponse notFound() {
            return noSuchTask();
        }
    }

    private static final class CancelDirectReplies implements CancelResult.Cases<Map<String, Object>> {

        @Override
        public Map<String, Object> done(CancelResult.Done done) {
            return SendReplies.done(true, done.task());
        }

        @Override
        public Map<String, Object> refused(CancelResult.Refused refused) {
            return SendReplies.done(false, refused.task());
        }

        @Override
        public Map<String, Object> noAnswer(CancelResult.NoAnswer noAnswer) {
            Map<String, Object> json = SendReplies.done(false, noAnswer.task());
            json.putAll(error(noAnswer.error()));
            return json;
        }

        @Override
        public Map<String, Object> notFound() {
            return nothingDone();
        }
    }

    private static Map<String, Object> error(Escalation error) {
        return TaskJson.error(
                error.code(), error.message() + " Whether the message is cancelled is unknown: repeat the call.");
    }

    /** The HTTP answer to a call to read. */
    static APIGatewayV2HTTPResponse found(Task task) {
        return HttpEvents.json(200, Map.of(), TaskJson.of(task));
    }

    /** The HTTP answer to a call to read a task that does not exist. */
    static APIGatewayV2HTTPResponse noSuchTask() {
        return HttpEvents.json(404, Map.of(), notFound());
    }

    /** The task after a call to send; after a quota also how long to wait. */
    private static Map<String, Object> repeatable(Task task, Instant now) {
        Duration wait = usualWait(task);
        return wait.isZero() ? withWaits(task, now) : repeatable(task, wait, now);
    }

    /** How long to wait before the same call is worth another try, if nobody has said so; zero if that is not known. */
    static Duration usualWait(Task task) {
        return task.mayRunAgain() && isQuota(escalation(task)) ? QUOTA_RETRY_AFTER : Duration.ZERO;
    }

    /** The task after a call to send, and how long to wait before the same call is worth another try. */
    private static Map<String, Object> repeatable(Task task, Duration wait, Instant now) {
        Map<String, Object> json = withWaits(task, now);
        if (task.mayRunAgain()) {
            json.put(Wire.RETRY_AFTER_SECONDS, seconds(wait));
        }
        return json;
    }

    /** The answer to a direct call to read: the task, how long to wait for it, and how seldom to read it meanwhile. */
    static Map<String, Object> withWaits(Task task, Instant now) {
        Map<String, Object> json = TaskJson.of(task);
        long left = Duration.between(now, task.dueAt())
                .plus(Task.PATIENCE)
                .plus(TIME_TO_END)
                .toSeconds();
        long seconds = task.isOpen() ? Math.max(0, left) : 0;
        json.put(Wire.WAIT_SECONDS, seconds);
        json.put(Wire.READ_AGAIN_SECONDS, Math.max(SOONEST_READ_SECONDS, seconds / READS_OF_A_WAIT));
        return json;
    }

    static APIGatewayV2HTTPResponse invalid(InvalidTask invalid) {
        return HttpEvents.json(400, Map.of(), invalid.json());
    }

    static APIGatewayV2HTTPResponse noSuchRoute() {
        return HttpEvents.json(
                404,
                Map.of(),
                TaskJson.error(
                        "not_found",
                        "This API has POST /tasks, GET /tasks/{task_id}, POST /tasks/{task_id}/cancel and GET /messages/{sid}."));
    }

    static APIGatewayV2HTTPResponse tooLarge() {
        return HttpEvents.json(413, Map.of(), TaskJson.error("too_large", "The body must be at most 64 KB."));
    }

    static APIGatewayV2HTTPResponse notJson() {
        return HttpEvents.json(
                415, Map.of(), TaskJson.error("unsupported_media_type", "Content-Type must be application/json."));
    }

    /** Without {@code Retry-After} if repeating cannot help. */
    static APIGatewayV2HTTPResponse unavailable(StoreUnavailable unavailable) {
        Map<String, String> headers = unavailable instanceof Misconfigured ? Map.of() : retryAfter(DEFAULT_RETRY_AFTER);
        return HttpEvents.json(503, headers, outage(unavailable));
    }

    static APIGatewayV2HTTPResponse unreadable() {
        return HttpEvents.json(
                500,
                Map.of(),
                TaskJson.error(UnreadableTask.CODE, "The stored task cannot be read. Nothing was sent for this call."));
    }

    /** The same for a direct caller. Without a cause, since Lambda logs causes and the SDK's texts may quote data. */
    static StoreUnavailable thrown(StoreUnavailable unavailable) {
        String json = Json.writeText(outage(unavailable));
        return unavailable instanceof Misconfigured ? new Misconfigured(json) : new StoreUnavailable(json);
    }

    /**
     * A reply whose {@code Location}, if it has one, stands below the path that was called, with the stage or the base path
     * before it.
     */
    static APIGatewayV2HTTPResponse below(String calledPath, APIGatewayV2HTTPResponse reply) {
        Map<String, String> headers = reply.getHeaders();
        String location = headers.get("Location");
        if (location != null) {
            headers.put("Location", calledPath + location.substring(location.lastIndexOf('/')));
        }
        return reply;
    }

    /** Whether Twilio answered with a sid and a status, or a callback has brought both since. */
    private static boolean tookIt(Task task) {
        return task.status().isPresent() && (task.sid().isPresent() || task.isErased());
    }

    private static APIGatewayV2HTTPResponse escalated(SendResult.Sent sent) {
        return sent.retryAfter().isPresent()
                ? escalated(sent.task(), sent.retryAfter().get())
                : escalated(sent.task());
    }

    private static APIGatewayV2HTTPResponse escalated(Task task) {
        return escalated(task, isQuota(escalation(task)) ? QUOTA_RETRY_AFTER : DEFAULT_RETRY_AFTER);
    }

    /** The answer for a task that Twilio did not take, or whose outcome is unknown. */
    private static APIGatewayV2HTTPResponse escalated(Task task, Duration wait) {
        int status = escalatedStatus(escalation(task));
        boolean isForLater = escalation(task).retryable() == Retryable.YES && (status == 429 || status == 503);
        return HttpEvents.json(status, isForLater ? retryAfter(wait) : Map.of(), TaskJson.of(task));
    }

    private static Escalation escalation(Task task) {
        return task.escalation().orElseThrow();
    }

    private static int escalatedStatus(Escalation escalation) {
        if (escalation instanceof Escalation.CallError error) {
            return switch (error.failure()) {
                case TIMEOUT, OUTCOME_UNKNOWN, STATUS_TIMEOUT -> 504;
                case STORE_UNAVAILABLE -> 503;
                case CONNECT_FAILED, CONNECTION_LOST, BAD_ANSWER, SERVER_ERROR, STATUS_MISSING -> 502;
                case REFUSED -> 422;
                case COUNTRY_NOT_ALLOWED -> 403;
                case RECIPIENT_LIMIT -> 429;
                case CANCELED -> 422;
            };
        }
        return isTooMany(escalation) ? 429 : 422;
    }

    /**
     * Whether Twilio answered 429, which of the errors that may be run again are the limits, apart from the sender's
     * own queue.
     */
    private static boolean isTooMany(Escalation escalation) {
        return escalation.retryable() == Retryable.YES
                && escalation.reason() == Reason.CAPACITY
                && !escalation.code().equals(KnownError.QUEUE_FULL.code());
    }

    private static boolean isQuota(Escalation escalation) {
        return escalation instanceof Escalation.TwilioError
                && isTooMany(escalation)
                && !escalation.code().equals(KnownError.TOO_MANY_REQUESTS.code());
    }

    private static Map<String, String> location(Task task) {
        return Map.of("Location", "/tasks/" + task.id());
    }

    private static Map<String, String> retryAfter(Duration wait) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Retry-After", Long.toString(seconds(wait)));
        return headers;
    }

    /** Whole seconds, rounded up and at least one, so that no caller repeats too early. */
    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }

    /** Not the whole task: Lambda logs the message of what is thrown, and the task holds numbers and the text. */
    private static Map<String, Object> inProgress(Task task) {
        Map<String, Object> json = TaskJson.error(TaskInProgress.CODE, "Another call is sending this task.");
        json.put(Wire.TASK_ID, task.id().value());
        return json;
    }

    private static Map<String, Object> conflict() {
        return TaskJson.error(
                TaskConflict.CODE,
                "This task_id belongs to a task with other parameters. Nothing was sent for this call.");
    }

    /** The answer to a direct call that was to change a task: whether it has, and the task as it stands. */
    static Map<String, Object> done(boolean isDone, Task task) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Wire.DONE, isDone);
        json.put(Wire.TASK, TaskJson.of(task));
        return json;
    }

    /** The answer to a direct call that was to change a task that does not exist. */
    static Map<String, Object> nothingDone() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Wire.DONE, false);
        json.putAll(notFound());
        return json;
    }

    /** The answer to a direct call to read a task that does not exist: data, not an exception. */
    static Map<String, Object> notFound() {
        return TaskJson.error("not_found", "There is no such task.");
    }

    private static Map<String, Object> outage(StoreUnavailable unavailable) {
        return TaskJson.error(
                unavailable.code(),
                whatHappened(unavailable) + " This call did not call Twilio."
                        + (unavailable.mayReadAsUnknown() ? CLAIM_LEFT : ""));
    }

    private static String whatHappened(StoreUnavailable unavailable) {
        if (unavailable instanceof Misconfigured) {
            return "This stack is misconfigured: its store, or its Twilio credentials, cannot be used. Repeating the call does"
                    + " not help until that is fixed; the function's log names the fault.";
        }
        Optional<AwsError> aws = AwsFailure.in(unavailable);
        if (aws.isEmpty()) {
            return "Too little time was left.";
        }
        if (aws.get().isFromAws()) {
            return "AWS answered with an error when asked for the task or the stack's credentials.";
        }
        if (aws.get().httpStatus() != 0) {
            return "A server other than AWS answered when asked for the task or the stack's credentials.";
        }
        return "The task's store, or the stack's credentials, did not answer in time.";
    }
}
