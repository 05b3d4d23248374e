package io.smstask.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Step Functions on this machine: the interpreter of <a href="https://docs.getmoto.org">moto</a>, in a Python process of its
 * own. It runs state machines, and leaves every call that they make of AWS to somebody else.
 */
final class StepFunctionsInterpreter implements AutoCloseable {

    private static final String SCRIPT = "interpreter.py";
    private static final int END_SECONDS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final URI endpoint;
    private final AwsJson api;

    private StepFunctionsInterpreter(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
        api = new AwsClients(Settings.from(Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local",
                        "AWS_ENDPOINT_URL_SFN", endpoint.toString())))
                .stepFunctions();
    }

    /** Whether this machine has it. */
    static boolean isInstalled() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "import moto.stepfunctions.parser.models")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) { // there is no Python
            return false;
        }
    }

    /**
     * Starts it on a port that the system chooses.
     *
     * @param awsPort where on this machine the state machines find AWS
     * @param work a folder for its script
     * @param log the file for what it prints
     */
    static StepFunctionsInterpreter start(int awsPort, Path work, Path log) throws IOException {
        Path script = work.resolve(SCRIPT);
        try (var resource = StepFunctionsInterpreter.class.getResourceAsStream(SCRIPT)) {
            Files.copy(resource, script);
        }
        Process process = new ProcessBuilder("python3", script.toString(), Integer.toString(awsPort))
                .redirectError(log.toFile())
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String port = output.readLine();
        if (port == null) {
            throw new IOException("moto did not start:\n" + Files.readString(log));
        }
        return new StepFunctionsInterpreter(process, URI.create("http://127.0.0.1:" + port));
    }

    /** What takes the place of Step Functions' own endpoint. */
    URI endpoint() {
        return endpoint;
    }

    /**
     * One call of Step Functions' API.
     *
     * @param operation for instance {@code StartExecution}
     */
    JsonNode call(String operation, Map<String, Object> input) {
        AwsJson.Answer answer = api.call("AWSStepFunctions." + operation, "1.0", input, LIMIT);
        assertThat(answer.isOk()).as(operation + ": " + answer).isTrue();
        return JSON.valueToTree(answer.json());
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
