package io.smstask.proof;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.aws.SdkClients;
import io.smstask.http.Tls;
import io.smstask.lambdaprocess.BuiltFunction;
import io.smstask.lambdaprocess.LambdaProcess;
import io.smstask.lambdaprocess.Launch;
import io.smstask.lambdaprocess.Reported;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.local.aws.LocalDynamoDb;
import io.smstask.local.aws.LocalSecretsManager;
import io.smstask.settings.Settings;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** moto's interpreter, the functions under AWS's runtime interface client, and DynamoDB Local. */
final class StackOnInterpreter extends StateMachineStack {

    private final Queue<Function<String, Reported>> otherwise = new ConcurrentLinkedQueue<>();
    private final LocalSecretsManager secretsManager;
    private final LocalDynamoDb database;
    private final DynamoDbClient dynamoDb;
    private final AwsRouter router;
    private final StepFunctionsInterpreter interpreter;
    private final AwsJson stepFunctions;
    private final LambdaProcess callback;
    private final LambdaProcess poll;
    private final Launch sendFunction;
    private final Path work;
    private volatile LambdaProcess send;

    /**
     * @param work a folder for the unpacked jars and the interpreter
     * @param log the file for what the interpreter prints
     */
    StackOnInterpreter(Path work, Path log) throws IOException {
        this.work = work;
        secretsManager = LocalSecretsManager.start();
        secretsManager.put(SECRET_ID, LocalStack.secret(LocalOptions.SIMULATED_ACCOUNT));
        database = LocalDynamoDb.start(0, Optional.empty());
        router = AwsRouter.start(this::invoke, database.endpoint());
        interpreter = StepFunctionsInterpreter.start(router.port(), work, log);
        router.stepFunctionsIsAt(interpreter.endpoint());
        stepFunctions = new AwsClients(Settings.from(aws()), new Tls(), Clock.systemUTC()).stepFunctions();
        dynamoDb = SdkClients.dynamoDb(Settings.from(aws()), Patience.PATIENCE);
        LocalDynamoDb.create(dynamoDb, LocalStack.TABLE, table());

        callback = LambdaProcess.start(function(LocalStack.CALLBACK_FUNCTION, "callback-function", work), work);
        poll = LambdaProcess.start(function(LocalStack.POLL_FUNCTION, "poll-function", work), work);
        sendFunction = function(LocalStack.SEND_FUNCTION, "send-function", work);
        send = LambdaProcess.start(sendFunction, work);
        poll();
    }

    private Map<String, String> aws() {
        return Map.of(
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local",
                "AWS_ENDPOINT_URL_DYNAMODB",
                database.endpoint().toString(),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                secretsManager.endpoint().toString(),
                "AWS_ENDPOINT_URL_SQS",
                queueEndpoint().toString(),
                "AWS_ENDPOINT_URL_SFN",
                interpreter.endpoint().toString());
    }

    private Map<String, String> environment(String logicalId) {
        Map<String, String> environment =
                new HashMap<>(function(logicalId, twilio().baseUrl()).environment());
        environment.putAll(aws());
        return environment;
    }

    private Launch function(String logicalId, String module, Path work) throws IOException {
        return BuiltFunction.unpack(TEMPLATE, logicalId, module, work).with(environment(logicalId));
    }

    @Override
    AwsJson stepFunctions() {
        return stepFunctions;
    }

    @Override
    DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    @Override
    String sendFunctionArn() {
        return "arn:aws:lambda:us-east-1:123456789012:function:send-function:live";
    }

    @Override
    String roleArn() {
        return "arn:aws:iam::123456789012:role/state-machine";
    }

    @Override
    Reported send(String event) {
        return send.invoke(event);
    }

    @Override
    Reported invokeCallback(String event) {
        return callback.invoke(event);
    }

    @Override
    Reported invokePoll(String event) {
        // The schedule and the queue share a process, which takes one event at a time.
        synchronized (poll) {
            return poll.invoke(event);
        }
    }

    @Override
    void expectNothing() {
        otherwise.clear();
        stopSending(false);
        super.expectNothing();
    }

    /** A state machine that another one of the same name may follow; its executions are forgotten. */
    void forget(String machineArn) {
        call("DeleteStateMachine", Map.of("stateMachineArn", machineArn));
    }

    /** Ends an execution from outside. */
    void stop(String executionArn) {
        call("StopExecution", Map.of("executionArn", executionArn));
    }

    /** Lets something else happen to the next invocations by a state machine, one each. */
    void invoking(Function<String, Reported> instead) {
        otherwise.add(instead);
    }

    /** Takes every run from send-function, as the documented command does, or gives them back. */
    void stopSending(boolean stopped) {
        router.stopLambda(stopped);
    }

    /** Does something before the next call of DynamoDB that comes from a state machine. */
    void beforeItRegisters(Runnable what) {
        router.beforeNextDynamoDbCall(what);
    }

    private Reported invoke(String event) {
        Function<String, Reported> instead = otherwise.poll();
        return instead == null ? send(event) : instead.apply(event);
    }

    /** The function's process dies, whatever it is doing; the next invocation finds a fresh one. */
    void killSendFunction() {
        send.close();
        try {
            send = LambdaProcess.start(sendFunction, work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The switch for outages of the store. */
    DynamoDbCalls store() {
        return database.calls();
    }

    @Override
    public void close() {
        super.close();
        send.close();
        callback.close();
        poll.close();
        interpreter.close();
        router.close();
        dynamoDb.close();
        database.close();
        secretsManager.close();
    }
}
