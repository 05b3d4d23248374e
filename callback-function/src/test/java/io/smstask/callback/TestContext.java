package io.smstask.callback;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;

/** Lambda's context: a fixed request id, the time that Twilio waits, and a log that can be read. */
final class TestContext implements Context, LambdaLogger {

    private final StringBuilder log = new StringBuilder();

    /** All that was logged. */
    String logged() {
        return log.toString();
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
        return "00000000-0000-4000-8000-000000000001";
    }

    @Override
    public int getRemainingTimeInMillis() {
        return 5000;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/callback";
    }

    @Override
    public String getLogStreamName() {
        return "2026/11/24/[1]0";
    }

    @Override
    public String getFunctionName() {
        return "callback";
    }

    @Override
    public String getFunctionVersion() {
        return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:eu-west-1:123456789012:function:callback";
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
