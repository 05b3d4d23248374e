package io.smstask.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Lets tests in other languages control the simulator over HTTP, below {@code /_control}, a path that Twilio does not
 * have. It needs no password, so it accepts requests for this machine's own names only, and none from web pages.
 */
final class ControlApi {
    private static final Pattern OWN_HOST = Pattern.compile("(127\\.0\\.0\\.1|localhost)(:[0-9]{1,5})?");
    private static final long LONGEST = Duration.ofHours(1).toMillis();

    /** A request that is refused. Expected, so checked and without a stack trace. */
    private static final class ControlRefusal extends Exception {
        private static final long serialVersionUID = 1;

        private final int status;

        ControlRefusal(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }

    private final MessagesApi api;
    private final CallbackPoster callbacks;
    private final BehaviourChooser chooser;
    private final Consumer<Duration> refuseConnections;
    private final List<String> secrets;

    /**
     * @param refuseConnections must not block: it runs after an answer, on the thread that wrote it
     * @param secrets masked in every answer
     */
    ControlApi(
            MessagesApi api,
            CallbackPoster callbacks,
            BehaviourChooser chooser,
            Consumer<Duration> refuseConnections,
            List<String> secrets) {
        this.api = api;
        this.callbacks = callbacks;
        this.chooser = chooser;
        this.refuseConnections = refuseConnections;
        this.secrets = secrets.stream().filter(secret -> !secret.isEmpty()).toList();
    }

    void routes(JavalinConfig config) {
        config.routes.get(MessagesApi.CONTROL + "/requests", guarded(context -> write(context, 200, requests())));
        config.routes.get(MessagesApi.CONTROL + "/messages", guarded(context -> write(context, 200, messages())));
        config.routes.get(MessagesApi.CONTROL + "/callbacks", guarded(context -> write(context, 200, callbacks())));
        config.routes.post(MessagesApi.CONTROL + "/next", guarded(this::next));
        config.routes.post(MessagesApi.CONTROL + "/misbehaviour", guarded(this::useFaultRates));
        config.routes.delete(MessagesApi.CONTROL, guarded(this::forget));
        config.routes.exception(
                ControlRefusal.class,
                (refused, context) -> write(
                        context,
                        refused.status,
                        JsonNodeFactory.instance.objectNode().put("message", String.valueOf(refused.getMessage()))));
    }

    /** Guards each route, not the path: a path can be written in more than one way. */
    private static Handler guarded(Handler handler) {
        return context -> {
            if (!OWN_HOST.matcher(header(context, "Host")).matches()) {
                throw new ControlRefusal(403, "the host must be 127.0.0.1 or localhost");
            }
            if (context.header("Origin") != null) {
                throw new ControlRefusal(403, "requests from web pages are refused");
            }
            handler.handle(context);
        };
    }

    private ObjectNode requests() {
        var list = list("requests");
        for (var request : api.requests.all()) {
            var json = list.into().addObject();
            json.put("at", request.at().toString());
            json.put("method", request.method());
            json.put("path", masked(request.path()));
            json.put("query", masked(request.query()));
            var form = json.putObject("form");
            request.form().forEach((name, values) -> {
                var array = form.putArray(masked(name));
                values.forEach(value -> array.add(masked(value)));
            });
        }
        return list.whole();
    }

    /** Twilio's JSON and the fault. */
    private ObjectNode messages() {
        var list = list("messages");
        for (var message : api.messages.all()) {
            var json = MessageJson.message(message);
            json.put("body", masked(message.body()));
            json.put("fault", message.fault().map(Fault::name).orElse(null));
            list.into().add(json);
        }
        return list.whole();
    }

    private ObjectNode callbacks() {
        var list = list("callbacks");
        for (var attempt : callbacks.attempts()) {
            var json = list.into().addObject();
            json.put("at", attempt.at().toString());
            json.put("sid", attempt.sid());
            json.put("status", attempt.status());
            json.put("url", masked(attempt.url()));
            json.put("attempt", attempt.attempt());
            json.put("idempotency_token", attempt.idempotencyToken());
            json.put("response_code", attempt.responseCode().orElse(null));
            json.put("failure", attempt.failure());
        }
        return list.whole();
    }

    /** A list, and the object that holds it. */
    private record JsonList(ObjectNode whole, ArrayNode into) {}

    private static JsonList list(String name) {
        var whole = JsonNodeFactory.instance.objectNode();
        return new JsonList(whole, whole.putArray(name));
    }

    /** A client may have sent its token in a form or URL by mistake. */
    private String masked(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }

    private void next(Context context) throws ControlRefusal {
        var asked = object(context, Set.of("fault", "millis"));
        var fault = fault(asked.path("fault").asText());
        var time = asked.has("millis") ? millis(asked.get("millis")) : fault.time();
        if (fault == Fault.CONNECTION_REFUSED) {
            // The answer must be written before the port closes.
            JettyExchanges.afterAnswer(context, () -> refuseConnections.accept(time));
        } else {
            chooser.add(new TimedFault(fault, time));
        }
        var json = JsonNodeFactory.instance.objectNode();
        write(context, 200, json.put("fault", fault.name()).put("millis", time.toMillis()));
    }

    private void useFaultRates(Context context) throws ControlRefusal {
        var asked = object(context, Set.of("seed", "rates"));
        var seed = asked.path("seed");
        if (!seed.canConvertToLong()
                || !seed.isIntegralNumber()
                || !asked.path("rates").isObject()) {
            throw new ControlRefusal(400, "'seed' must be a whole number and 'rates' an object");
        }
        var rates = new EnumMap<Fault, Double>(Fault.class);
        for (var rate : asked.get("rates").properties()) {
            if (!rate.getValue().isNumber()) {
                throw new ControlRefusal(400, "the rate of " + rate.getKey() + " must be a number");
            }
            rates.put(fault(rate.getKey()), rate.getValue().asDouble());
        }
        var faultRates = faultRates(seed.longValue(), rates);
        chooser.useFaultRates(faultRates);
        var json = JsonNodeFactory.instance.objectNode().put("seed", faultRates.seed());
        var shown = json.putObject("rates");
        faultRates.rates().forEach((fault, rate) -> shown.put(fault.name(), rate));
        write(context, 200, json);
    }

    private static FaultRates faultRates(long seed, EnumMap<Fault, Double> rates) throws ControlRefusal {
        try {
            return new FaultRates(seed, rates);
        } catch (IllegalArgumentException wrongRate) {
            throw new ControlRefusal(400, String.valueOf(wrongRate.getMessage()));
        }
    }

    private void forget(Context context) {
        api.forget();
        context.status(204);
    }

    private static Fault fault(String name) throws ControlRefusal {
        return Arrays.stream(Fault.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new ControlRefusal(400, "the fault must be one of " + Arrays.toString(Fault.values())));
    }

    private static Duration millis(JsonNode millis) throws ControlRefusal {
        if (!millis.isIntegralNumber() || millis.asLong(-1) < 0 || millis.asLong() > LONGEST) {
            throw new ControlRefusal(400, "'millis' must be a whole number from 0 to " + LONGEST);
        }
        return Duration.ofMillis(millis.longValue());
    }

    /** The body, whatever its content type: curl sends that of a form by default. */
    private static ObjectNode object(Context context, Set<String> known) throws ControlRefusal {
        try {
            if (new ObjectMapper().readTree(context.body()) instanceof ObjectNode object) {
                for (var field : object.properties()) {
                    if (!known.contains(field.getKey())) {
                        throw new ControlRefusal(
                                400,
                                "'" + field.getKey() + "' must be one of "
                                        + known.stream().sorted().toList());
                    }
                }
                return object;
            }
        } catch (JsonProcessingException notJson) {
            throw new ControlRefusal(400, "the body must be JSON");
        }
        throw new ControlRefusal(400, "the body must be a JSON object");
    }

    private static void write(Context context, int status, JsonNode json) {
        context.status(status).contentType("application/json").result(json.toString());
    }

    private static String header(Context context, String name) {
        return Optional.ofNullable(context.header(name)).orElse("");
    }
}
