package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator as a program: its options, what it prints, and its error messages of one line. */
final class SimulatorMainTest {
    private static final String EXAMPLE = "AC00000000000000000000000000000001";
    private static final String EXAMPLE_TOKEN = "0123456789abcdef0123456789abcdef";
    private static final String OWN = "AC00000000000000000000000000000007";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Map<String, String> env, Consumer<TwilioSimulator> whileItRuns, String... args) {
        return SimulatorMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                env,
                whileItRuns,
                args);
    }

    private static Message send(TwilioSimulator simulator, String sid, String token) {
        return send(simulator, sid, token, sid);
    }

    private static Message send(TwilioSimulator simulator, String user, String token, String sid) {
        return Message.creator(new PhoneNumber("+15558675310"), new PhoneNumber("+15005550006"), "Hello")
                .create(RedirectedClient.to(simulator.baseUrl(), user, token, sid));
    }

    @Test
    void it_starts_with_an_example_account_and_says_where() {
        var port = new AtomicInteger();
        int code = run(
                Map.of(),
                simulator -> {
                    port.set(simulator.port());
                    assertThat(send(simulator, EXAMPLE, EXAMPLE_TOKEN).getSid()).startsWith("SM");
                },
                "--port",
                "0");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("http://127.0.0.1:" + port + " ", "/_control/messages", EXAMPLE, EXAMPLE_TOKEN)
                .doesNotContain("faults");
    }

    @ParameterizedTest
    @CsvSource({"--account=" + OWN + ",TWILIO_AUTH_TOKEN", "--account=" + OWN + ":OTHER,OTHER"})
    void a_token_comes_from_the_environment_and_is_not_printed(String option, String variable) {
        int code = run(
                Map.of(variable, "secret"),
                simulator -> {
                    assertThat(send(simulator, OWN, "secret").getAccountSid()).isEqualTo(OWN);
                    assertThatExceptionOfType(ApiException.class)
                            .isThrownBy(() -> send(simulator, EXAMPLE, EXAMPLE_TOKEN));
                },
                "--port",
                "0",
                option);

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("secret", EXAMPLE_TOKEN);
    }

    @Test
    void api_keys_and_subaccounts_belong_to_the_first_account() {
        String key = "SK00000000000000000000000000000007";
        int code = run(
                Map.of("TWILIO_API_SECRET", "key secret", "SUB", "sub secret"),
                simulator -> {
                    assertThat(send(simulator, key, "key secret", EXAMPLE).getAccountSid())
                            .isEqualTo(EXAMPLE);
                    assertThat(send(simulator, EXAMPLE, EXAMPLE_TOKEN, OWN).getAccountSid())
                            .isEqualTo(OWN);
                    assertThat(send(simulator, OWN, "sub secret").getAccountSid())
                            .isEqualTo(OWN);
                },
                "--port=0",
                "--api-key=" + key,
                "--subaccount=" + OWN + ":SUB");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("secret");
    }

    @Test
    void faults_and_seed_are_taken() {
        int code = run(
                Map.of(),
                simulator -> assertThatExceptionOfType(ApiException.class)
                        .isThrownBy(() -> send(simulator, EXAMPLE, EXAMPLE_TOKEN))
                        .satisfies(thrown -> assertThat(thrown.getCode()).isEqualTo(20429)),
                "--port=0",
                "--seed=42",
                "--fault=RATE_LIMITED=1",
                "--fault=HANG=0");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("{HANG=0.0, RATE_LIMITED=1.0}, seed 42");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "--nonsense;Unknown option: '--nonsense'",
                "--port 70000;--port must be a number from 0 to 65535",
                "--delay -1;--delay must not be negative",
                "--account AC1;--account needs AC and 32 hex digits",
                "--subaccount AC1;--subaccount needs AC and 32 hex digits",
                "--api-key AC00000000000000000000000000000007;--api-key needs SK and 32 hex digits",
                "--fault HANG=2;--fault: the rate of HANG must be from 0 to 1"
            })
    void a_bad_option_is_one_clear_line(String options, String line) {
        int code = run(Map.of(), simulator -> assertThat(simulator).isNull(), options.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip()).isEqualTo(line);
        assertThat(out.size()).isZero();
    }

    @Test
    void a_wrong_fault_names_the_right_ones() {
        assertThat(run(Map.of(), simulator -> assertThat(simulator).isNull(), "--fault", "NONE=1"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("NONE", "ACCEPTED_THEN_CLOSED");
    }

    @ParameterizedTest
    @ValueSource(strings = {OWN, OWN + ":0123456789abcdef0123456789abcdef"})
    void a_token_on_the_command_line_is_none_and_is_not_repeated(String account) {
        assertThat(run(Map.of(), simulator -> assertThat(simulator).isNull(), "--account", account))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("--account " + OWN + " needs an environment variable that holds its AuthToken");
    }

    @Test
    void a_secret_on_the_command_line_is_not_repeated() {
        String key = "SK00000000000000000000000000000007";
        assertThat(run(Map.of(), simulator -> assertThat(simulator).isNull(), "--api-key", key + ":s3cret"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("--api-key " + key + " needs an environment variable that holds its secret");
    }

    @Test
    void a_taken_port_is_one_clear_line() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThat(run(Map.of(), simulator -> assertThat(simulator).isNull(), "--port", port))
                    .isEqualTo(1);
        }
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("The port is taken: choose another one with --port, or --port 0.");
    }
}
