package io.smstask.callback;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Handler;
import io.smstask.lambda.HttpEvents;
import io.smstask.lambda.HttpRequest;
import io.smstask.lambda.Invocation;
import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.lambda.TaskJson;
import io.smstask.settings.Settings;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CallbackUrl;
import io.smstask.twilio.CredentialsUnavailable;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** callback-function. It handles HTTP events of API Gateway (payload formats 1.0 and 2.0) and of function URLs. */
public final class CallbackHandler implements Handler {

    private final CallbackWiring wiring;

    /**
     * For Lambda: what the first event needs is prepared.
     *
     * @param log takes a line for each step of it that fails
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public CallbackHandler(Map<String, String> env, Consumer<String> log) {
        this(CallbackWiring.from(env));
        Settings settings = Settings.from(env);
        wiring.prime(log, new Runnable() {
            @Override
            public void run() {
                rehearse(new CallbackRehearsal(settings));
            }
        });
    }

    /**
     * For tests and the local stack, whose time may run ahead.
     *
     * @throws IllegalStateException naming every setting that is missing or unusable
     */
    public CallbackHandler(Map<String, String> env, Clock clock) {
        this(CallbackWiring.from(env, clock));
    }

    CallbackHandler(CallbackWiring wiring) {
        this.wiring = wiring;
    }

    /** Answers one callback without a network call, so that the first event finds its classes loaded. */
    static void rehearse(CallbackRehearsal rehearsal) {
        rehearsal.check(new CallbackHandler(rehearsal.wiring()).answer(rehearsal.event(), Log.silent()));
    }

    @Override
    public byte[] answer(byte[] payload, Invocation invocation) {
        Log log = wiring.logs().of(invocation);
        try {
            return answer(payload, log);
        } catch (RuntimeException e) {
            log.event(Level.ERROR, "failed").error(e).write();
            throw e;
        } finally {
            wiring.failures().write(log);
        }
    }

    private byte[] answer(byte[] payload, Log log) {
        HttpRequest request;
        try {
            Map<String, Object> event = Json.parseObject(payload);
            if (!HttpEvents.isHttp(event)) {
                throw new IllegalArgumentException("callback-function takes HTTP events");
            }
            log.apiRequest(HttpEvents.requestId(event));
            request = HttpEvents.request(event);
        } catch (BadJson e) {
            return reply(new CallbackResult.Refused(CallbackReply.NOT_PARSABLE), log);
        }
        return reply(receive(request), log);
    }

    private static byte[] reply(CallbackResult result, Log log) {
        CallbackReply reply = result.reply();
        Log.Line line = log.event(reply.level(), "callback_" + reply.code()).answer(reply.httpStatus());
        result.addTo(line);
        line.write();
        return HttpEvents.write(http(reply));
    }

    /** Checks path, method, size and type, and hands the callback to the use case. */
    CallbackResult receive(HttpRequest request) {
        String[] path = request.lastSegments(4);
        boolean isOurs = CallbackUrl.PATH.equals("/" + path[0] + "/" + path[1] + "/");
        Optional<CallbackKey> key = CallbackKey.parse(path[2]);
        if (!request.method().equals("POST") || !isOurs || key.isEmpty() || !TaskId.isValid(path[3])) {
            return new CallbackResult.Refused(CallbackReply.NO_SUCH_TASK);
        }
        if (request.isTooLarge()) {
            return new CallbackResult.Refused(CallbackReply.TOO_LARGE);
        }
        if (!request.hasContentType(CallbackForm.MEDIA_TYPE)) {
            return new CallbackResult.Refused(CallbackReply.NOT_A_FORM);
        }
        TwilioSignature signature =
                new TwilioSignature(request.header(TwilioSignature.HEADER).orElse(""));
        try {
            CallbackForm form = CallbackForm.parse(request.body());
            return wiring.statusCallbacks().receive(new TaskId(path[3]), key.get(), signature, form);
        } catch (BadForm e) {
            return new CallbackResult.Refused(CallbackReply.NOT_PARSABLE);
        } catch (StoreUnavailable | CredentialsUnavailable | UnreadableTask e) {
            return new CallbackResult.Unavailable(e);
        }
    }

    private static APIGatewayV2HTTPResponse http(CallbackReply reply) {
        return reply.message().isEmpty()
                ? HttpEvents.empty(reply.httpStatus())
                : HttpEvents.json(reply.httpStatus(), Map.of(), TaskJson.error(reply.code(), reply.message()));
    }
}
