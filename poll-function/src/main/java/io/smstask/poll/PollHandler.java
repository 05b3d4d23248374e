package io.smstask.poll;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Log;
import io.smstask.task.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;

/** poll-function's entry point. It handles the schedule's {@code {"poll": true}} and nothing else. */
public final class PollHandler implements RequestStreamHandler {

    private static final String POLL = "poll";

    private final PollWiring wiring;

    /** For Lambda: settings come from the environment. */
    public PollHandler() {
        this(PollWiring.from(System.getenv()));
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
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Log log = new Log(context.getLogger());
        try {
            out.write(answer(in.readAllBytes(), context, log));
        } catch (RuntimeException e) {
            log.event("failed").error(e).write();
            throw e;
        } finally {
            wiring.failures().write(log);
        }
    }

    private byte[] answer(byte[] payload, Context context, Log log) {
        if (!isPoll(payload)) {
            throw new IllegalArgumentException("poll-function takes {\"poll\": true}");
        }
        Poll.Run run = wiring.poll().run(wiring.end(context.getRemainingTimeInMillis()));
        for (TaskId id : run.unreadable()) {
            log.event("unreadable").task(id).write();
        }
        log.event(run.isCutShort() ? "poll_cut_short" : "polled").write();
        return Json.write(Map.of(
                "looked",
                run.looked(),
                "moved",
                run.moved(),
                "ended",
                run.ended(),
                "unreadable",
                run.unreadable().size(),
                "cut_short",
                run.isCutShort()));
    }

    private static boolean isPoll(byte[] payload) {
        try {
            return Boolean.TRUE.equals(Json.parseObject(payload).get(POLL));
        } catch (BadJson e) {
            return false;
        }
    }
}
