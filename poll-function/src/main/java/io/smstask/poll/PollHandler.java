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

/** poll-function's door: the schedule's {@code {"poll": true}}, and nothing else. */
public final class PollHandler implements RequestStreamHandler {

    private static final String POLL = "poll";

    private final PollWiring wiring;

    /** Lambda's way in: settings from the environment. */
    public PollHandler() {
        this(System.getenv());
    }

    /**
     * For tests and the local stack: settings are given.
     *
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public PollHandler(Map<String, String> env) {
        this(PollWiring.from(env));
    }

    /** As above, by another clock than the system's: for a stack that is run ahead of its time. */
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
            check(in.readAllBytes());
            out.write(Json.write(poll(context, log)));
        } catch (RuntimeException e) {
            log.event("failed").error(e).write();
            throw e;
        } finally {
            wiring.failures().write(log);
        }
    }

    private static void check(byte[] payload) {
        boolean isPoll;
        try {
            isPoll = Boolean.TRUE.equals(Json.parseObject(payload).get(POLL));
        } catch (BadJson e) {
            isPoll = false;
        }
        if (!isPoll) {
            throw new IllegalArgumentException("poll-function takes {\"poll\": true}");
        }
    }

    private Map<String, Object> poll(Context context, Log log) {
        Poll.Run run = wiring.poll().run(wiring.end(context.getRemainingTimeInMillis()));
        for (TaskId id : run.unreadable()) {
            log.event("unreadable").task(id).write();
        }
        log.event(run.isCutShort() ? "poll_cut_short" : "polled").write();
        return Map.of(
                "looked",
                run.looked(),
                "moved",
                run.moved(),
                "ended",
                run.ended(),
                "unreadable",
                run.unreadable().size(),
                "cut_short",
                run.isCutShort());
    }
}
