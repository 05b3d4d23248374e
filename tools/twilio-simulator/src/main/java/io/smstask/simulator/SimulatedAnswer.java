package io.smstask.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How the simulator answers one request for a message, instead of the way it would. It is used up by the next request
 * that passes all checks; a request that Twilio would refuse gets its error and leaves the answer waiting.
 */
public sealed interface SimulatedAnswer {

    /** {@return whether a message is made and its callbacks are posted} */
    boolean accepts();

    /** {@return this answer, but the message is made and its callbacks are posted} */
    SimulatedAnswer accepting();

    /**
     * The usual 201, with the JSON changed.
     *
     * @param change gets Twilio's JSON, gives what is sent
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
    record HttpAnswer(boolean accepts, int status, Map<String, String> headers, String body)
            implements SimulatedAnswer {
        /** Copies the headers. */
        public HttpAnswer {
            headers = Map.copyOf(headers);
        }

        @Override
        public SimulatedAnswer accepting() {
            return new HttpAnswer(true, status, headers, body);
        }
    }

    /**
     * No byte of an answer.
     *
     * @param held how long the connection stays open before it is closed
     */
    record NoAnswer(boolean accepts, Duration held) implements SimulatedAnswer {
        @Override
        public SimulatedAnswer accepting() {
            return new NoAnswer(true, held);
        }
    }

    /**
     * Another answer, after a time.
     *
     * @param by how long the caller waits
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

    /** {@return what comes of this answer, however long it takes} */
    default SimulatedAnswer inTheEnd() {
        return this;
    }

    /** {@return the usual answer} */
    static SimulatedAnswer created() {
        return new Created(json -> json);
    }

    /** {@return an HTTP answer of any kind, such as a proxy's page with 502} */
    static SimulatedAnswer httpError(int status, String contentType, String body) {
        return new HttpAnswer(false, status, Map.of("Content-Type", contentType), body);
    }

    /** {@return one of Twilio's errors} */
    static SimulatedAnswer error(ApiError error) {
        return httpError(error.httpStatus(), MessageJson.CONTENT_TYPE, MessageJson.error(error, error.text()));
    }

    /** {@return 429 without {@code Retry-After}} */
    static SimulatedAnswer rateLimited() {
        return error(ApiError.TOO_MANY_REQUESTS);
    }

    /** {@return 429 with {@code Retry-After} in whole seconds} */
    static SimulatedAnswer rateLimited(Duration retryAfter) {
        var error = ApiError.TOO_MANY_REQUESTS;
        return new HttpAnswer(
                false,
                error.httpStatus(),
                Map.of("Content-Type", MessageJson.CONTENT_TYPE, "Retry-After", String.valueOf(retryAfter.toSeconds())),
                MessageJson.error(error, error.text()));
    }

    /** {@return the TCP connection closed at once, without an answer} */
    static SimulatedAnswer closeWithoutAnswer() {
        return hang(Duration.ZERO);
    }

    /** {@return the TCP connection held open for that long, then closed without an answer} */
    static SimulatedAnswer hang(Duration held) {
        return new NoAnswer(false, held);
    }

    /** {@return another answer, given only after that time} */
    static SimulatedAnswer slow(Duration by, SimulatedAnswer answer) {
        return new SlowAnswer(by, answer);
    }

    /** {@return the message is made and its callbacks are posted, though the caller gets another answer} */
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

    /** {@return 201 with any word for the status} */
    static SimulatedAnswer withStatus(String status) {
        return new Created(json -> json.put("status", status));
    }
}
