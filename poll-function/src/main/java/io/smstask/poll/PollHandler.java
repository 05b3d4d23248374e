package io.smstask.poll;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Handler;
import io.smstask.lambda.Invocation;
import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.lambda.SqsEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * poll-function. It handles the schedule's {@code {"poll": true}}, which puts what is due on the queue, and the
 * queue's messages.
 */
public final class PollHandler implements Handler {

    /** How long a task is leased. The queue must be done with its message by then. */
    public static final Duration LEASE = Dispatcher.LEASE;

    /** After so many receives the queue must move a message to the dead letters. */
    public static final int MOST_RECEIVES = Received.MOST_RECEIVES;

    private static final String POLL = "poll";

    private final PollWiring wiring;

    /**
     * For Lambda.
     *
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public PollHandler(Map<String, String> env) {
        this(PollWiring.from(env));
    }

    /**
     * For tests and the local stack, whose time may run ahead.
     *
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public PollHandler(Map<String, String> env, Clock clock) {
        this(PollWiring.from(env, clock));
    }

    PollHandler(PollWiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public byte[] answer(byte[] payload, Invocation invocation) {
        Log log = wiring.logs().of(invocation);
        try {
            return answer(payload, wiring.end(invocation.remainingMillis()), log);
        } catch (RuntimeException e) {
            log.event(Level.ERROR, "failed").error(e).write();
            throw e;
        } finally {
            wiring.failures().write(log);
        }
    }

    private byte[] answer(byte[] payload, Instant end, Log log) {
        Map<String, Object> event = event(payload);
        if (SqsEvents.isSqs(event)) {
            Worker.Worked worked = wiring.worker().work(received(SqsEvents.read(event)), end, log);
            worked.figures().write(log.event("worked"));
            return SqsEvents.write(SqsEvents.failed(worked.failed()));
        }
        if (!Boolean.TRUE.equals(event.get(POLL))) {
            throw new IllegalArgumentException("poll-function takes {\"poll\": true} and events of SQS");
        }
        Figures figures = wiring.dispatcher().dispatch(end, log);
        figures.write(log.event("dispatched"));
        return Json.write(figures.json());
    }

    private static List<Received> received(SQSEvent event) {
        List<Received> received = new ArrayList<>();
        for (SQSEvent.SQSMessage message : event.getRecords()) {
            received.add(new Received(message.getMessageId(), SqsEvents.receives(message), message.getBody()));
        }
        return received;
    }

    private static Map<String, Object> event(byte[] payload) {
        try {
            return Json.parseObject(payload);
        } catch (BadJson e) {
            return Map.of();
        }
    }
}
