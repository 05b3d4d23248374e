package io.smstask.proof;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.smstask.lambdaprocess.Reported;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * AWS as a state machine sees it, on one port: Lambda is a function of ours, DynamoDB is DynamoDB Local, everything else is
 * Step Functions.
 */
final class AwsRouter implements AutoCloseable {

    private static final String TARGET = "X-Amz-Target";
    private static final List<String> PASSED_ON =
            List.of("Content-Type", TARGET, "Authorization", "X-Amz-Date", "X-Amz-Content-Sha256");

    private static final Runnable NOTHING = () -> {};

    private final HttpClient http = HttpClient.newHttpClient();
    private final Function<String, Reported> lambda;
    private final URI dynamoDb;
    private final Javalin server;
    private final AtomicReference<Runnable> beforeDynamoDb = new AtomicReference<>(NOTHING);
    private volatile boolean isStopped;
    private volatile URI stepFunctions = URI.create("http://127.0.0.1");

    private AwsRouter(Function<String, Reported> lambda, URI dynamoDb) {
        this.lambda = lambda;
        this.dynamoDb = dynamoDb;
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.routes.post("/2015-03-31/functions/{name}/invocations", this::invoke);
            config.routes.post("/", this::passOn);
        });
    }

    /**
     * Starts it on a port that the system chooses.
     *
     * @param lambda what every invocation of Lambda leads to
     */
    static AwsRouter start(Function<String, Reported> lambda, URI dynamoDb) {
        var router = new AwsRouter(lambda, dynamoDb);
        router.server.start("127.0.0.1", 0);
        return router;
    }

    int port() {
        return server.port();
    }

    /** Step Functions has to know this port before it can tell its own. */
    void stepFunctionsIsAt(URI endpoint) {
        stepFunctions = endpoint;
    }

    /** Does something while the next call of DynamoDB is on its way. */
    void beforeNextDynamoDbCall(Runnable what) {
        beforeDynamoDb.set(what);
    }

    /** Refuses every invocation from now on, as Lambda does with a reserved concurrency of 0, or takes them again. */
    void stopLambda(boolean stopped) {
        isStopped = stopped;
    }

    /** Lambda's {@code Invoke}: an error of the function is an answer with 200 and a header. */
    private void invoke(Context call) {
        if (isStopped) {
            call.status(429)
                    .header("X-Amzn-ErrorType", "TooManyRequestsException")
                    .header("X-Amzn-RequestId", UUID.randomUUID().toString())
                    .json(Map.of(
                            "Reason",
                            "ReservedFunctionConcurrentInvocationLimitExceeded",
                            "Type",
                            "User",
                            "message",
                            "Rate Exceeded."));
            return;
        }
        var reported = lambda.apply(call.body());
        if (reported.isError()) {
            call.header("X-Amz-Function-Error", "Unhandled");
        }
        call.contentType("application/json").result(reported.body());
    }

    private void passOn(Context call) throws IOException, InterruptedException {
        String target = call.header(TARGET);
        boolean isDynamoDb = target != null && target.startsWith("DynamoDB");
        if (isDynamoDb) {
            beforeDynamoDb.getAndSet(NOTHING).run();
        }
        var request = HttpRequest.newBuilder(isDynamoDb ? dynamoDb : stepFunctions)
                .POST(HttpRequest.BodyPublishers.ofByteArray(call.bodyAsBytes()));
        for (String name : PASSED_ON) {
            String value = call.header(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        answer.headers().firstValue("Content-Type").ifPresent(call::contentType);
        answer.headers().firstValue("X-Amzn-Requestid").ifPresent(id -> call.header("X-Amzn-Requestid", id));
        call.status(answer.statusCode()).result(answer.body());
    }

    @Override
    public void close() {
        server.stop();
    }
}
