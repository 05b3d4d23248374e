package io.smstask.local.gateway;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

/** Calls a handler as Lambda does: bytes in, bytes out, and a context with the remaining time. */
public final class LocalFunction {

    private final String name;
    private final RequestStreamHandler handler;
    private final Duration timeout;
    private final Consumer<String> log;

    /**
     * @param timeout the function's, from the template
     * @param log gets the lines of the function's log
     */
    public LocalFunction(String name, RequestStreamHandler handler, Duration timeout, Consumer<String> log) {
        this.name = name;
        this.handler = handler;
        this.timeout = timeout;
        this.log = log;
    }

    /** {@return the same function with another limit for each invocation} */
    public LocalFunction within(Duration limit) {
        return new LocalFunction(name, handler, limit, log);
    }

    /**
     * Invokes the function.
     *
     * @throws IOException as the handler does
     */
    public byte[] invoke(byte[] event) throws IOException {
        var answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event), answer, new LocalContext());
        return answer.toByteArray();
    }

    private final class LocalContext implements Context {

        private final String requestId = UUID.randomUUID().toString();
        private final long end = System.nanoTime() + timeout.toNanos();

        @Override
        public int getRemainingTimeInMillis() {
            return (int) Duration.ofNanos(end - System.nanoTime()).toMillis();
        }

        @Override
        public LambdaLogger getLogger() {
            return new LambdaLogger() {
                @Override
                public void log(String message) {
                    log.accept(message.strip());
                }

                @Override
                public void log(byte[] message) {
                    log(new String(message, StandardCharsets.UTF_8));
                }
            };
        }

        @Override
        public String getAwsRequestId() {
            return requestId;
        }

        @Override
        public String getFunctionName() {
            return name;
        }

        @Override
        public String getFunctionVersion() {
            return "$LATEST";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn:aws:lambda:us-east-1:000000000000:function:" + name;
        }

        @Override
        public String getLogGroupName() {
            return "/aws/lambda/" + name;
        }

        @Override
        public String getLogStreamName() {
            return "local";
        }

        @Override
        public int getMemoryLimitInMB() {
            return 1024;
        }

        @Override
        @SuppressWarnings("NullAway") // Lambda gives null if the caller is not a Cognito identity
        public CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        @SuppressWarnings("NullAway") // Lambda gives null if the caller is not a mobile client
        public ClientContext getClientContext() {
            return null;
        }
    }
}
