package io.smstask.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A scripted answer to one request to create a message. The next request that passes all checks uses it up; a request
 * that Twilio would refuse gets its error and does not.
 */
public sealed interface SimulatedAnswer {

    /** {@return whether a message is created and its callbacks are posted} */
    boolean accepts();

    /** {@return this answer, but the message is created and its callbacks are posted} */
    SimulatedAnswer accepting();

    /**
     * The usual 201 with changed JSON.
     *
     * @param change takes Twilio's JSON and returns what is sent
     */
    record Created(UnaryOperator<ObjectNode> change) implements SimulatedAnswer {
        @Override
        public boolean accepts() {
            return true;
        }

        @Override
        public SimulatedAnswer accepting() {
            return this;
        }
    }

    /** Any HTTP answer. */
    record CustomAnswer(boolean accepts, int status, Map<String, String> headers, String body)
            implements SimulatedAnswer {
        /** Copies the headers. */
        public CustomAnswer {
            headers = Map.copyOf(headers);
        }

        @Override
        public SimulatedAnswer accepting() {
            return new CustomAnswer(true, status, headers, body);
        }
    }

    /**
     * A connection closed without a byte of an answer.
     *
     * @param held how long the connection stays open
     */
    record ClosedConnection(boolean accepts, Duration held) implements SimulatedAnswer {
        @Override
        public SimulatedAnswer accepting() {
            return new ClosedConnection(true, held);
        }
    }

    /**
     * Another answer, delayed.
     *
     * @param by the delay
     */
    record SlowAnswer(Duration by, SimulatedAnswer answer) implements SimulatedAnswer {
        @Override
        public boolean accepts() {
            return answer.accepts();
        }

        @Override
        public SimulatedAnswer accepting() {
            return new SlowAnswer(by, answer.accepting());
        }

        @Override
        public SimulatedAnswer inTheEnd() {
            return answer.inTheEnd();
        }
    }

    /** {@return the answer that is given in the end, without delays} */
    default SimulatedAnswer inTheEnd() {
        return this;
    }

    /** {@return the usual answer} */
    static SimulatedAnswer created() {
        return new Created(json -> json);
    }

    /** {@return an HTTP answer of any kind, such as a proxy's page with 502} */
    static SimulatedAnswer httpError(int status, String contentType, String body) {
        return new CustomAnswer(false, status, Map.of("Content-Type", contentType), body);
    }

    /** {@return one of Twilio's errors} */
    static SimulatedAnswer error(ApiError error) {
        return httpError(error.httpStatus(), ApiError.MEDIA_TYPE, error.json(error.text()));
    }

    /** {@return 429 without {@code Retry-After}} */
    static SimulatedAnswer rateLimited() {
        return error(ApiError.TOO_MANY_REQUESTS);
    }

    /** {@return 429 with {@code Retry-After} in whole seconds} */
    static SimulatedAnswer rateLimited(Duration retryAfter) {
        var error = ApiError.TOO_MANY_REQUESTS;
        return new CustomAnswer(
                false,
                error.httpStatus(),
                Map.of("Content-Type", ApiError.MEDIA_TYPE, "Retry-After", String.valueOf(retryAfter.toSeconds())),
                error.json(error.text()));
    }

    /** {@return no answer: the TCP connection is closed at once} */
    static SimulatedAnswer closeWithoutAnswer() {
        return hang(Duration.ZERO);
    }

    /** {@return no answer: the TCP connection is held open for that long, then closed} */
    static SimulatedAnswer hang(Duration held) {
        return new ClosedConnection(false, held);
    }

    /** {@return another answer, delayed by that time} */
    static SimulatedAnswer slow(Duration by, SimulatedAnswer answer) {
        return new SlowAnswer(by, answer);
    }

    /** {@return an answer to a message that is created, with callbacks, whatever the answer says} */
    static SimulatedAnswer acceptThen(SimulatedAnswer answer) {
        return answer.accepting();
    }

    /** {@return 201 without {@code sid}} */
    static SimulatedAnswer withoutSid() {
        return new Created(json -> json.without("sid"));
    }

    /** {@return 201 without {@code status}} */
    static SimulatedAnswer withoutStatus() {
        return new Created(json -> json.without("status"));
    }

    /** {@return 201 with any status} */
    static SimulatedAnswer withStatus(String status) {
        return new Created(json -> json.put("status", status));
    }
}
