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
            return HttpEvents.write(reply(received.receipt()));
        } catch (BadJson e) {
            return HttpEvents.write(reply(Receipt.NOT_PARSABLE));
        }
    }

    private static APIGatewayV2HTTPResponse reply(Receipt receipt) {
        return receipt.message().isEmpty()
                ? HttpEvents.empty(receipt.httpStatus())
                : HttpEvents.json(receipt.httpStatus(), Map.of(), TaskJson.error(receipt.code(), receipt.message()));
    }

    /** A callback that is not genuine leaves nothing of its own in the log; where its key is right, it names the task. */
    private static void write(Log log, Received received) {
        Log.Line line = log.event("callback_" + received.receipt().code())
                .answer(received.receipt().httpStatus());
        if (received.task().isPresent()) {
            line.task(received.task().get());
        }
        if (received.account().isPresent()) {
            line.account(received.account().get());
        }
        if (received.report().isPresent()) {
            line.sid(received.report().get().sid())
                    .status(received.report().get().status());
        }
        if (received.outage().isPresent()) {
            line.error(received.outage().get());
        }
        line.write();
    }
}
