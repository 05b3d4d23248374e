package io.smstask.send;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Handler;
import io.smstask.lambda.HttpEvents;
import io.smstask.lambda.HttpRequest;
import io.smstask.lambda.Invocation;
import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.lambda.SqsEvents;
import io.smstask.lambda.Wire;
import io.smstask.settings.Settings;
import io.smstask.task.MessageSid;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * send-function. It handles HTTP events of API Gateway (payload formats 1.0 and 2.0) and of function
 * URLs, direct invocations, by Step Functions among others, and the messages of its queue, if the stack has one.
 */
public final class SendHandler implements Handler {

    private static final int REHEARSED_MILLIS = 28_000;

    private final SendWiring wiring;

    /**
     * For Lambda: what the first event needs is prepared.
     *
     * @param log takes a line for each step of it that fails
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public SendHandler(Map<String, String> env, Consumer<String> log) {
        this(SendWiring.from(env));
        Settings settings = Settings.from(env);
        wiring.prime(log, new Runnable() {
            @Override
            public void run() {
                rehearse(new SendRehearsal(settings));
            }
        });
    }

    /**
     * For tests and the local stack, whose time may run ahead.
     *
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public SendHandler(Map<String, String> env, Clock clock) {
        this(SendWiring.from(env, clock));
    }

    SendHandler(SendWiring wiring) {
        this.wiring = wiring;
    }

    /** Handles one call without a network call, so that the first event finds its classes loaded. */
    static void rehearse(SendRehearsal rehearsal) {
        SendHandler handler = new SendHandler(rehearsal.wiring());
        Deadline deadline = handler.wiring.deadline(REHEARSED_MILLIS);
        rehearsal.check(handler.answer(rehearsal.event(), "rehearsal", deadline, Log.silent()));
    }

    @Override
    public byte[] answer(byte[] payload, Invocation invocation) {
        Log log = wiring.logs().of(invocation);
        try {
            Deadline deadline = wiring.deadline(invocation.remainingMillis());
            return answer(payload, invocation.requestId(), deadline, log);
        } catch (InvalidTask | TaskConflict | TaskInProgress | StoreUnavailable | UnreadableTask e) {
            throw e;
        } catch (RuntimeException e) {
            log.event(Level.ERROR, "failed").error(e).write();
            throw e;
        }
    }

    private byte[] answer(byte[] payload, String requestId, Deadline deadline, Log log) {
        Map<String, Object> event;
        try {
            event = Json.parseUnchecked(payload);
        } catch (BadJson e) {
            throw new InvalidTask("(payload)", e.getMessage());
        }
        // The state machine only sends, whatever the execution's input holds.
        boolean isOfExecution = event.containsKey(Wire.EXECUTION_TASK_ID);
        if (!isOfExecution && HttpEvents.isHttp(event)) {
            log.apiRequest(HttpEvents.requestId(event));
            return HttpEvents.write(http(event, deadline, log));
        }
        if (wiring.hasQueue() && !isOfExecution && SqsEvents.isSqs(event)) {
            return fromQueue(event, deadline, log);
        }
        if (payload.length > HttpRequest.MAX_BODY_BYTES) {
            throw new InvalidTask("(payload)", "must be at most 64 KB");
        }
        Map<String, Object> call = SendParameters.withoutAwsNames(event);
        try {
            if (!isOfExecution && call.containsKey(Wire.READ)) {
                return Json.write(readDirectly(call));
            }
            if (!isOfExecution && call.containsKey(Wire.CANCEL)) {
                return Json.write(cancelDirectly(call, deadline, log));
            }
            if (!isOfExecution && call.containsKey(Wire.ERASE)) {
                return Json.write(eraseDirectly(call, log));
            }
            return Json.write(sendDirectly(call, requestId, deadline, log));
        } catch (StoreUnavailable e) {
            log.event(Level.ERROR, e.code()).outage(e).write();
            throw SendReplies.thrown(e);
        } catch (UnreadableTask e) {
            log.event(Level.ERROR, UnreadableTask.CODE).task(e.id()).write();
            throw e;
        }
    }

    private byte[] fromQueue(Map<String, Object> event, Deadline deadline, Log log) {
        QueueDoor door = wiring.queueDoor();
        List<String> left = new ArrayList<>();
        for (SQSEvent.SQSMessage message : SqsEvents.read(event).getRecords()) {
            QueuedCall call = new QueuedCall(
                    message.getBody(),
                    SqsEvents.number(message, Wire.RETRIES),
                    SqsEvents.number(message, Wire.DELAY_SECONDS));
            if (!isDone(call, door, deadline, log)) {
                left.add(message.getMessageId());
            }
        }
        return SqsEvents.write(SqsEvents.failed(left));
    }

    /** Whether the message is done with; otherwise the queue hands it over again. */
    private boolean isDone(QueuedCall call, QueueDoor door, Deadline deadline, Log log) {
        if (call.isEarly()) {
            return door.putBack(call, log);
        }
        try {
            return door.isDone(call, send(call.command(), deadline, log), log);
        } catch (InvalidTask e) {
            return door.refuse(call, e, log);
        } catch (UnreadableTask e) {
            return door.refuse(call, e.id(), UnreadableTask.CODE, log);
        } catch (StoreUnavailable e) {
            log.event(Level.ERROR, e.code()).outage(e).write();
            return false;
        }
    }

    private APIGatewayV2HTTPResponse http(Map<String, Object> event, Deadline deadline, Log log) {
        try {
            HttpRequest request = HttpEvents.request(event);
            String[] path = request.lastSegments(2);
            if (request.method().equals("POST") && path[1].equals("tasks")) {
                return SendReplies.below(HttpEvents.calledPath(event), sendOverHttp(request, deadline, log));
            }
            if (request.method().equals("POST") && path[1].equals("cancel")) {
                String[] longer = request.lastSegments(3);
                return longer[0].equals("tasks")
                        ? cancelOverHttp(longer[1], request, deadline, log)
                        : SendReplies.noSuchRoute();
            }
            if (request.method().equals("GET") && path[0].equals("tasks")) {
                Optional<Task> task = byId(path[1]);
                return task.isPresent() ? SendReplies.found(task.get()) : SendReplies.noSuchTask();
            }
            if (request.method().equals("GET") && path[0].equals("messages")) {
                Optional<Task> task = bySid(path[1]);
                return task.isPresent() ? SendReplies.found(task.get()) : SendReplies.noSuchTask();
            }
            return SendReplies.noSuchRoute();
        } catch (BadJson e) {
            return SendReplies.invalid(new InvalidTask("(body)", e.getMessage()));
        } catch (InvalidTask e) {
            return SendReplies.invalid(e);
        } catch (StoreUnavailable e) {
            log.event(Level.ERROR, e.code()).outage(e).write();
            return SendReplies.unavailable(e);
        } catch (UnreadableTask e) {
            log.event(Level.ERROR, UnreadableTask.CODE).task(e.id()).write();
            return SendReplies.unreadable();
        }
    }

    private APIGatewayV2HTTPResponse sendOverHttp(HttpRequest request, Deadline deadline, Log log) throws BadJson {
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
        return SendReplies.http(send(command, deadline, log));
    }

    private APIGatewayV2HTTPResponse cancelOverHttp(String id, HttpRequest request, Deadline deadline, Log log)
            throws BadJson {
        if (request.isTooLarge()) {
            return SendReplies.tooLarge();
        }
        if (request.body().length > 0 && !request.hasContentType("application/json")) {
            return SendReplies.notJson();
        }
        Map<String, Object> parameters = request.body().length > 0 ? Json.parseObject(request.body()) : Map.of();
        return TaskId.isValid(id)
                ? SendReplies.http(cancel(CancelCommand.read(new TaskId(id), parameters), deadline, log))
                : SendReplies.noSuchTask();
    }

    private Map<String, Object> readDirectly(Map<String, Object> call) {
        if (call.size() != 1 || !(call.get(Wire.READ) instanceof String id)) {
            throw new InvalidTask(Wire.READ, "must be a task id, and the only parameter");
        }
        Optional<Task> task = byId(id);
        return task.isPresent() ? SendReplies.withWaits(task.get(), wiring.now()) : SendReplies.notFound();
    }

    private Map<String, Object> eraseDirectly(Map<String, Object> call, Log log) {
        if (call.size() != 1 || !(call.get(Wire.ERASE) instanceof String id)) {
            throw new InvalidTask(Wire.ERASE, "must be a task id, and the only parameter");
        }
        Optional<Task> task = TaskId.isValid(id) ? wiring.eraseTask().erase(new TaskId(id)) : Optional.empty();
        if (task.isEmpty()) {
            return SendReplies.nothingDone();
        }
        boolean isErased = task.get().isErased();
        Log.Line line = isErased ? log.event("erased") : log.event("not_erased");
        line.task(task.get()).write();
        return SendReplies.done(isErased, task.get());
    }

    private Map<String, Object> cancelDirectly(Map<String, Object> call, Deadline deadline, Log log) {
        Map<String, Object> parameters = new LinkedHashMap<>(call);
        if (!(parameters.remove(Wire.CANCEL) instanceof String id)) {
            throw new InvalidTask(Wire.CANCEL, "must be a task id");
        }
        CancelResult result = TaskId.isValid(id)
                ? cancel(CancelCommand.read(new TaskId(id), parameters), deadline, log)
                : new CancelResult.NotFound();
        return SendReplies.direct(result);
    }

    private CancelResult cancel(CancelCommand command, Deadline deadline, Log log) {
        CancelResult result = wiring.cancelTask().cancel(command, deadline);
        log.event(result.event()).task(command.id()).write();
        return result;
    }

    private Map<String, Object> sendDirectly(Map<String, Object> call, String requestId, Deadline deadline, Log log) {
        // Lambda keeps the request id when it retries an asynchronous call, so the retry is the same task.
        SendCommand command = SendParameters.readDirect(call, new TaskId(requestId));
        Map<String, Object> answer = SendReplies.direct(send(command, deadline, log), wiring.now());
        if (call.containsKey(Wire.EXECUTION_TASK_ID) && command.context().isPresent()) {
            // An execution gets its own back, even from a task that has lost its context.
            answer.put(Wire.CONTEXT, call.get(Wire.CONTEXT));
        }
        return answer;
    }

    /** A text that cannot be an id names no task. */
    private Optional<Task> byId(String id) {
        return TaskId.isValid(id) ? wiring.readTask().byId(new TaskId(id)) : Optional.empty();
    }

    /** A text that cannot be a sid names no task. */
    private Optional<Task> bySid(String sid) {
        return MessageSid.isValid(sid) ? wiring.readTask().bySid(new MessageSid(sid)) : Optional.empty();
    }

    private SendResult send(SendCommand command, Deadline deadline, Log log) {
        Instant start = wiring.now();
        SendResult result = wiring.sendSms().send(command, deadline);
        Log.Line line = log.event(result.level(), result.event());
        if (result instanceof SendResult.Sent sent) {
            sent.addTo(line, Duration.between(start, wiring.now()));
        } else if (result instanceof SendResult.Stopped stopped) {
            stopped.addTo(line);
        } else {
            line.task(command.id());
        }
        line.write();
        return result;
    }
}
