package io.smstask.send;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.HttpEvents;
import io.smstask.lambda.HttpRequest;
import io.smstask.lambda.Log;
import io.smstask.lambda.Wire;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * send-function's entry point. It handles HTTP events of API Gateway (payload formats 1.0 and 2.0) and of function
 * URLs, and direct invocations, by Step Functions among others.
 */
public final class SendHandler implements RequestStreamHandler {

    private static final String AWS_NAMES = "AWS_STEP_FUNCTIONS_";

    private final SendWiring wiring;

    /** For Lambda: settings come from the environment, and what the first event needs is prepared. */
    public SendHandler() {
        this(System.getenv());
        wiring.prime();
    }

    /**
     * For tests and the local stack.
     *
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public SendHandler(Map<String, String> env) {
        this(SendWiring.from(env));
    }

    /** As above with another clock, for a stack whose time runs ahead. */
    public SendHandler(Map<String, String> env, Clock clock) {
        this(SendWiring.from(env, clock));
    }

    SendHandler(SendWiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Log log = new Log(context.getLogger());
        try {
            out.write(answer(in.readAllBytes(), context, log));
        } catch (InvalidTask | TaskConflict | TaskInProgress | StoreUnavailable | UnreadableTask e) {
            throw e;
        } catch (RuntimeException e) {
            log.event("failed").error(e).write();
            throw e;
        }
    }

    private byte[] answer(byte[] payload, Context context, Log log) {
        Map<String, Object> event;
        try {
            event = Json.parseUnchecked(payload);
        } catch (BadJson e) {
            throw new InvalidTask("(payload)", e.getMessage());
        }
        // The state machine only sends, whatever the execution's input holds.
        boolean isOfExecution = event.containsKey(Wire.EXECUTION_TASK_ID);
        if (!isOfExecution && HttpEvents.isHttp(event)) {
            return HttpEvents.write(http(event, context, log));
        }
        return Json.write(direct(withoutAwsNames(event), isOfExecution, payload.length, context, log));
    }

    private APIGatewayV2HTTPResponse http(Map<String, Object> event, Context context, Log log) {
        try {
            HttpRequest request = HttpEvents.request(event);
            String[] path = request.lastSegments(2);
            if (request.method().equals("POST") && path[1].equals("tasks")) {
                return SendReplies.below(HttpEvents.calledPath(event), send(request, context, log));
            }
            if (request.method().equals("GET") && path[0].equals("tasks")) {
                Optional<Task> task = wiring.readTask().byId(path[1]);
                return task.isPresent() ? SendReplies.http(task.get()) : SendReplies.noSuchTask();
            }
            if (request.method().equals("GET") && path[0].equals("messages")) {
                Optional<Task> task = wiring.readTask().bySid(path[1]);
                return task.isPresent() ? SendReplies.http(task.get()) : SendReplies.noSuchTask();
            }
            return SendReplies.noSuchRoute();
        } catch (BadJson e) {
            return SendReplies.invalid(new InvalidTask("(body)", e.getMessage()));
        } catch (InvalidTask e) {
            return SendReplies.invalid(e);
        } catch (StoreUnavailable e) {
            log.event(e.code()).error(e).write();
            return SendReplies.http(e);
        } catch (UnreadableTask e) {
            log.event(UnreadableTask.CODE).task(e.id()).write();
            return SendReplies.unreadable();
        }
    }

    private APIGatewayV2HTTPResponse send(HttpRequest request, Context context, Log log) throws BadJson {
        if (request.isTooLarge()) {
            return SendReplies.tooLarge();
        }
        if (!request.hasContentType("application/json")) {
            return SendReplies.notJson();
        }
        Map<String, Object> json = Json.parseUnchecked(request.body());
        Optional<String> key = request.header("idempotency-key");
        SendCommand command = key.isPresent()
                ? SendParameters.read(json, key.get(), wiring.newTaskId())
                : SendParameters.read(json, wiring.newTaskId());
        return SendReplies.http(send(command, context, log));
    }

    /** Executions that other executions start carry such a name in their input, as AWS recommends. */
    private static Map<String, Object> withoutAwsNames(Map<String, Object> event) {
        Map<String, Object> call = new LinkedHashMap<>();
        for (Map.Entry<String, Object> member : event.entrySet()) {
            if (!member.getKey().startsWith(AWS_NAMES)) {
                call.put(member.getKey(), member.getValue());
            }
        }
        return call;
    }

    private Map<String, Object> direct(
            Map<String, Object> event, boolean isOfExecution, int size, Context context, Log log) {
        try {
            if (!isOfExecution && event.containsKey(Wire.READ)) {
                Optional<Task> task = wiring.readTask().byId(idToRead(event));
                return task.isPresent() ? SendReplies.direct(task.get(), wiring.now()) : SendReplies.notFound();
            }
            if (size > HttpRequest.MAX_BODY_BYTES) {
                throw new InvalidTask("(payload)", "may have at most 64 KB");
            }
            // Lambda keeps the request id when it retries an asynchronous call, so the retry is the same task.
            TaskId otherwise = new TaskId(context.getAwsRequestId());
            SendCommand command = SendParameters.readDirect(event, otherwise);
            return SendReplies.direct(send(command, context, log), wiring.now());
        } catch (StoreUnavailable e) {
            log.event(e.code()).error(e).write();
            throw SendReplies.thrown(e);
        } catch (UnreadableTask e) {
            log.event(UnreadableTask.CODE).task(e.id()).write();
            throw e;
        }
    }

    private static String idToRead(Map<String, Object> event) {
        if (event.size() == 1 && event.get(Wire.READ) instanceof String id) {
            return id;
        }
        throw new InvalidTask(List.of(new Problem(Wire.READ, "must be a task id, and the only parameter")));
    }

    private SendResult send(SendCommand command, Context context, Log log) {
        SendResult result = wiring.sendSms().send(command, wiring.deadline(context.getRemainingTimeInMillis()));
        Log.Line line = log.event(result.event());
        if (result instanceof SendResult.Sent sent) {
            line.task(sent.task());
        } else {
            line.task(command.id());
        }
        line.write();
        return result;
    }
}
