package io.smstask.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Step Functions on this machine: the interpreter of <a href="https://docs.getmoto.org">moto</a>, in a Python process of its
 * own. It runs state machines, and leaves every call that they make of AWS to somebody else.
 */
final class StepFunctionsInterpreter implements AutoCloseable {

    private static final String SCRIPT = "interpreter.py";
    private static final int END_SECONDS = 10;

    private final Process process;
    private final URI endpoint;

    private StepFunctionsInterpreter(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
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
