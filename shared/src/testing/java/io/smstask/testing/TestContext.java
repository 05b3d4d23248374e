package io.smstask.testing;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Lambda's context with a fixed request id, a fixed remaining time and a readable log. */
public final class TestContext implements Context, LambdaLogger {

    /** The id of every request. */
    public static final String REQUEST_ID = "00000000-0000-4000-8000-000000000001";

    private final String function;
    private final Duration remaining;
    private final StringBuilder log = new StringBuilder();

    /** For this function, with this much time remaining. */
    public TestContext(String function, Duration remaining) {
        this.function = function;
        this.remaining = remaining;
    }

    /** Everything that was logged. */
    public String logged() {
        return log.toString();
    }

    /** The lines without what all have in common, and without what CloudWatch needs for the metrics. */
    public String lines() {
        return lines(log.toString());
    }

    /** {@link #lines()} of what was logged elsewhere. */
    public static String lines(String logged) {
        return logged.replaceAll("\"level\":\"[A-Z]+\",", "").replaceAll(",\"service\":\"[^\n]*", "}");
    }

    @Override
    public void log(String message) {
        log.append(message);
    }

    @Override
    public void log(byte[] message) {
        log.append(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public LambdaLogger getLogger() {
        return this;
    }

    @Override
    public String getAwsRequestId() {
        return REQUEST_ID;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return Math.toIntExact(remaining.toMillis());
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + function;
    }

    @Override
    public String getLogStreamName() {
        return "2026/11/24/[1]0";
    }

    @Override
    public String getFunctionName() {
        return function;
    }

    @Override
    public String getFunctionVersion() {
        return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:eu-west-1:123456789012:function:" + function;
    }

    @Override
    public int getMemoryLimitInMB() {
        return 1024;
    }

    @Override
    public CognitoIdentity getIdentity() {
        throw new UnsupportedOperationException("nobody signs in with Cognito");
    }

    @Override
    public ClientContext getClientContext() {
        throw new UnsupportedOperationException("no mobile SDK calls");
    }
}
