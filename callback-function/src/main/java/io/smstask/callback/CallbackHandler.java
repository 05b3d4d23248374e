package io.smstask.callback;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.smstask.callback.StatusCallbacks.Received;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.HttpEvents;
import io.smstask.lambda.Log;
import io.smstask.lambda.TaskJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;

/** callback-function's door: HTTP events of API Gateway (payload formats 1.0 and 2.0) and of function URLs. */
public final class CallbackHandler implements RequestStreamHandler {

    private final CallbackWiring wiring;

    /** Lambda's way in: settings from the environment. What the first event needs is made ready. */
    public CallbackHandler() {
        this(System.getenv());
        wiring.prime();
    }

    /**
     * The way in with settings of one's own.
     *
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public CallbackHandler(Map<String, String> env) {
        this(CallbackWiring.from(env));
    }

    /** As above, by another clock than the system's: for a stack that is run ahead of its time. */
    public CallbackHandler(Map<String, String> env, Clock clock) {
        this(CallbackWiring.from(env, clock));
    }

    CallbackHandler(CallbackWiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Log log = new Log(context.getLogger());
        try {
            out.write(answer(in.readAllBytes(), log));
        } catch (RuntimeException e) {
            log.event("failed").error(e).write();
            throw e;
        } finally {
            wiring.failures().write(log);
        }
    }

    private byte[] answer(byte[] payload, Log log) {
        try {
            Map<String, Object> event = Json.parseObject(payload);
            if (!HttpEvents.isHttp(event)) {
                throw new IllegalArgumentException("callback-function takes HTTP events");
            }
            Received received = wiring.statusCallbacks().receive(HttpEvents.request(event));
            write(log, received);
            return HttpEvents.write(reply(received.reply()));
        } catch (BadJson e) {
            return HttpEvents.write(reply(CallbackReply.NOT_PARSABLE));
        }
    }

    private static APIGatewayV2HTTPResponse reply(CallbackReply reply) {
        return reply.message().isEmpty()
                ? HttpEvents.empty(reply.httpStatus())
                : HttpEvents.json(reply.httpStatus(), Map.of(), TaskJson.error(reply.code(), reply.message()));
    }

    /** A callback that is not genuine leaves nothing of its own in the log; where its key is right, it names the task. */
    private static void write(Log log, Received received) {
        Log.Line line = log.event("callback_" + received.reply().code())
                .answer(received.reply().httpStatus());
        received.task().ifPresent(line::task);
        if (received.account().isPresent()) {
            line.account(received.account().get());
        }
        received.report().ifPresent(report -> line.sid(report.sid()).status(report.status()));
        received.outage().ifPresent(line::error);
        line.write();
    }
}
