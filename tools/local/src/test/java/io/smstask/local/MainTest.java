package io.smstask.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.template.Template;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The run command: what it prints, how it ends, and its error messages of one line. */
class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void once_sends_the_demo_and_ends_with_0() {
        assertThat(run("--once", "--port", "0")).as(this::printed).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("Waiting for Callback", "sending", "Final", "delivered", "SM", "POST answered 201")
                .contains("A stand-in for a waiting state machine was resumed, with node Final.");
        assertThat(err.size()).isZero();
    }

    @Test
    void once_ends_with_1_where_the_demo_ends_red() {
        assertThat(run("--once", "--port", "0", "--to", "+12025550105"))
                .as(this::printed)
                .isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8)).as(this::printed).contains("Escalation", "30005");
    }

    @ParameterizedTest
    @CsvSource({
        "'--nonsense', Unknown option: '--nonsense'",
        "'--port x', 'Invalid value for option ''--port'': ''x'' is not an int'",
        "'--port 70000', --port must be a number from 0 to 65531",
        "'--twilio https://api.twilio.com', --twilio needs --callback-base-url: Twilio cannot reach 127.0.0.1"
    })
    void a_bad_option_is_one_clear_line(String options, String line) {
        assertThat(run(options.split(" "))).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8).strip()).isEqualTo(line);
        assertThat(out.size()).isZero();
    }

    @Test
    void a_taken_port_is_one_clear_line() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--once", "--port", String.valueOf(taken.getLocalPort())))
                    .isEqualTo(1);
        }
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .startsWith("A port is taken")
                .hasLineCount(1);
    }

    @Test
    void a_folder_that_another_run_uses_is_one_clear_line(@TempDir Path data) {
        try (LocalStack first = start(data)) {
            assertThat(first.dynamoDb().endpoint()).isNotNull();
            assertThat(run("--once", "--port", "0", "--data", data.toString())).isEqualTo(1);
        }
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("The folder " + data
                        + " is in use by another run: end that one, or choose another folder with --data.");

        assertThat(run("--once", "--port", "0", "--data", data.toString()))
                .as("once the other has ended")
                .isZero();
    }

    @Test
    void a_start_says_what_it_waits_for() {
        run("--once", "--port", "0");

        assertThat(out.toString(StandardCharsets.UTF_8).lines().findFirst())
                .contains(
                        "Starting … the gateway … DynamoDB … AWS's other services … the queues … the table … the functions");
    }

    @Test
    void the_tasks_are_kept_in_a_folder(@TempDir Path folder) {
        Path data = folder.resolve("not/there/yet");
        try (LocalStack stack = start(data)) {
            assertThat(new TasksClient(stack.tasksUrl())
                            .send(TasksClient.aTask("kept"))
                            .status())
                    .isEqualTo(201);
        }
        assertThat(Files.isDirectory(data)).isTrue();
        try (LocalStack stack = start(data)) {
            TasksClient client = new TasksClient(stack.tasksUrl());
            assertThat(client.task("kept").status()).isEqualTo(200);
            assertThat(client.send(TasksClient.aTask("kept")).status()).isEqualTo(200);
            assertThat(stack.simulator().orElseThrow().messages()).isEmpty();
        }
    }

    private static LocalStack start(Path data) {
        return LocalStack.start(LocalOptions.forTests(line -> {}).withData(data), Template.read(Template.find()));
    }

    /** Both streams: one may explain what the other lacks. */
    private String printed() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private int run(String... args) {
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                List.of(args).toArray(new String[0]));
    }
}
