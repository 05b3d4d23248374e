package io.smstask.proof;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.aws.SdkClients;
import io.smstask.http.Tls;
import io.smstask.lambdaprocess.Reported;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.aws.LocalDynamoDb;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.testcontainers.Testcontainers;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * LocalStack, the emulator of AWS in a container (nothing of our own {@link LocalStack}): its Step Functions, DynamoDB and
 * Secrets Manager, and its Lambda, which starts AWS's image of the template's runtime with each built jar in it.
 */
final class StackOnLocalStack extends StateMachineStack {

    /**
     * Version 4.14.0 of February 2026, the last one that starts without an account: LocalStack's images from 2026.03.0 on end
     * at once without a token of one. By digest, so that it stays what it is.
     *
     * @see <a href="https://blog.localstack.cloud/the-road-ahead-for-localstack/">LocalStack: the road ahead</a>
     * @see <a href="https://github.com/PlaytikaOSS/testcontainers-spring-boot/issues/2872">"Image tags after 4.14.0 will
     *     require auth", LocalStack's own note of 2026-03-17</a>
     */
    private static final DockerImageName IMAGE = DockerImageName.parse(
            "localstack/localstack@sha256:3ebc37595918b8accb852f8048fef2aff047d465167edd655528065b07bc364a");

    /** Of the account that LocalStack sees in the access key {@code test}. It looks for no such role. */
    private static final String ROLE_ARN = "arn:aws:iam::000000000000:role/smstask";

    private static final int MEMORY_MB = 1024;

    /** The first call of DynamoDB starts it. */
    private static final Duration DOWNLOAD = Duration.ofMinutes(10);

    private final LocalStackContainer container;
    private final LocalStackApi api;
    private final AwsJson stepFunctions;
    private final DynamoDbClient dynamoDb;
    private final String sendFunctionArn;

    /** @param log the file for what LocalStack prints */
    StackOnLocalStack(Path log) throws IOException, InterruptedException {
        Files.deleteIfExists(log);
        // A container in between passes these ports on to this machine's own. It has to be told before LocalStack
        // starts.
        Testcontainers.exposeHostPorts(twilio().port(), queueEndpoint().getPort());
        container = new LocalStackContainer(IMAGE)
                .withEnv("DEBUG", "1")
                // The template says arm64. The jars run on both, so what this machine has will do.
                .withEnv("LAMBDA_IGNORE_ARCHITECTURE", "1")
                // 20 s are little for a JVM in a container on a busy machine.
                .withEnv("LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT", "60")
                .withLogConsumer(frame -> append(log, frame.getUtf8String()));
        // It says what it waited for.
        container.withStartupTimeout(Patience.PATIENCE).start();
        api = new LocalStackApi(container.getEndpoint());
        stepFunctions = new AwsClients(Settings.from(aws()), new Tls(), Clock.systemUTC()).stepFunctions();
        dynamoDb = SdkClients.dynamoDb(Settings.from(aws()), Patience.PATIENCE);

        LocalDynamoDb.create(dynamoDb, LocalStack.TABLE, table());
        api.createSecret(SECRET_ID, LocalStack.secret(LocalOptions.SIMULATED_ACCOUNT));
        URI twilioUrl = URI.create("http://" + thisMachine() + ":" + twilio().port());
        create(LocalStack.CALLBACK_FUNCTION, "callback-function", twilioUrl);
        create(LocalStack.POLL_FUNCTION, "poll-function", twilioUrl);
        sendFunctionArn = create(LocalStack.SEND_FUNCTION, "send-function", twilioUrl);
        // Each function's first invocation starts its container, for which Twilio would not wait.
        send("{\"read\":\"nobody\"}");
        invokeCallback(Files.readString(TEMPLATE.resolveSibling("events").resolve("unknown-route.json")));
        invokePoll("{\"poll\":true}");
        poll();
    }

    /**
     * The address at which containers find this machine. LocalStack's hosts file has it; the containers that it starts for
     * functions are in the same network, but have no such line.
     */
    private String thisMachine() throws IOException, InterruptedException {
        var found = container.execInContainer("getent", "hosts", "host.testcontainers.internal");
        assertThat(found.getExitCode()).as(found.toString()).isZero();
        return found.getStdout().split("\\s+")[0];
    }

    private Map<String, String> aws() {
        return Map.of(
                "AWS_REGION", container.getRegion(),
                "AWS_ACCESS_KEY_ID", container.getAccessKey(),
                "AWS_SECRET_ACCESS_KEY", container.getSecretKey(),
                "AWS_ENDPOINT_URL", container.getEndpoint().toString());
    }

    /**
     * Deploys a function as the template describes it. LocalStack itself adds {@code AWS_ENDPOINT_URL} to its environment.
     *
     * @param module the Maven module that has built it
     * @return its ARN
     */
    private String create(String logicalId, String module, URI twilioUrl) throws IOException {
        Template.Function function = function(logicalId, twilioUrl);
        Map<String, String> environment = new HashMap<>(function.environment());
        environment.put(
                "AWS_ENDPOINT_URL_SQS",
                "http://" + twilioUrl.getHost() + ":" + queueEndpoint().getPort());
        byte[] jar = Files.readAllBytes(TEMPLATE.resolveSibling(module + "/target/" + module + "-lambda.jar"));
        String arn = api.createFunction(Map.of(
                "FunctionName",
                logicalId,
                "Runtime",
                function.runtime(),
                "Handler",
                function.handlerClass(),
                "Role",
                ROLE_ARN,
                "Timeout",
                function.timeout().toSeconds(),
                "MemorySize",
                MEMORY_MB,
                "Environment",
                Map.of("Variables", environment),
                "Code",
                Map.of("ZipFile", Base64.getEncoder().encodeToString(jar))));
        await("the download for " + logicalId).atMost(DOWNLOAD).until(() -> api.isActive(logicalId));
        return arn;
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
        return sendFunctionArn;
    }

    @Override
    String roleArn() {
        return ROLE_ARN;
    }

    @Override
    Reported send(String event) {
        return api.invoke(LocalStack.SEND_FUNCTION, event);
    }

    @Override
    Reported invokeCallback(String event) {
        return api.invoke(LocalStack.CALLBACK_FUNCTION, event);
    }

    @Override
    Reported invokePoll(String event) {
        return api.invoke(LocalStack.POLL_FUNCTION, event);
    }

    @Override
    public void close() {
        super.close();
        dynamoDb.close();
        container.stop();
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
