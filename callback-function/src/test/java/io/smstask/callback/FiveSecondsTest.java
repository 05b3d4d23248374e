package io.smstask.callback;

import static io.smstask.callback.SampleCallback.aCallback;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smstask.aws.AwsClients;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.RecordStatus;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.HandClock;
import io.smstask.testing.TestContext;
import io.smstask.twilio.CallbackUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The function answers within the 5 s that Twilio waits, whatever hangs. */
final class FiveSecondsTest {

    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    private static final Duration NO_HURRY = Duration.ofMinutes(2);

    private static final Duration ALMOST_LATEST_TRY = RecordStatus.LATEST_TRY.minusMillis(1);

    @Test
    void the_limits_of_all_that_comes_one_after_the_other_are_five_seconds_at_most() {
        Duration recorded = CallbackWiring.READ_LIMIT
                .plus(CallbackWiring.SECRET_LIMIT)
                .plus(RecordStatus.LATEST_TRY)
                .plus(CallbackWiring.WRITE_LIMIT);

        assertThat(CallbackUrl.OVERRIDES).contains("&rt=" + FIVE_SECONDS.toMillis() + "&");
        assertThat(recorded.plus(StatusCallbacks.TO_TELL)).isLessThanOrEqualTo(StatusCallbacks.ALL_TOLD);
        assertThat(StatusCallbacks.ALL_TOLD).isLessThan(FIVE_SECONDS);
    }

    @Test
    void a_callback_whose_every_step_takes_all_its_time_is_answered_in_five_seconds() {
        CallbackFixture fixture = CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(CallbackFixture.TOKEN))
                .recorded("queued");
        fixture.timeToReadSecret = CallbackWiring.SECRET_LIMIT;
        fixture.timeToResume = FIVE_SECONDS;
        fixture.store.before(Call.FIND, () -> fixture.clock.move(CallbackWiring.READ_LIMIT));
        // Two executions start to wait, so the first write loses the race.
        fixture.store.before(
                Call.WRITE, () -> fixture.waitedForBy("first", "second").clock.move(ALMOST_LATEST_TRY));
        fixture.store.before(Call.WRITE, () -> fixture.clock.move(CallbackWiring.WRITE_LIMIT));
        fixture.store.before(
                Call.WRITE, () -> fixture.clock.move(fixture.store.steps().get(0)));

        assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);

        assertThat(fixture.resumed).hasSize(1);
        assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE, Call.WRITE, Call.WRITE);
        assertThat(Duration.between(HandClock.START, fixture.clock.instant())).isLessThan(FIVE_SECONDS);
    }

    @ParameterizedTest
    @Timeout(60)
    @ValueSource(
            strings = {"DynamoDB_20120810.GetItem", "secretsmanager.GetSecretValue", "DynamoDB_20120810.UpdateItem"})
    void an_endpoint_that_hangs_is_an_outage_for_which_twilio_repeats(String hanging) throws Exception {
        try (Aws aws = new Aws(hanging)) {
            new DynamoTaskStore(
                            new AwsClients(Settings.from(aws.env()), new Tls(), Clock.systemUTC()).dynamoDb(),
                            "tasks",
                            NO_HURRY,
                            NO_HURRY)
                    .claim(taskOfTheStack());

            byte[] answer = new CallbackHandler(aws.env(), Clock.systemUTC())
                    .answer(
                            CallbackEvents.read("callback-delivered"),
                            new TestContext(Duration.ofSeconds(10)).invocation());

            assertThat(Json.parseObject(answer)).containsEntry("statusCode", 503);
        }
    }

    private static Task taskOfTheStack() {
        return CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(CallbackFixture.TOKEN))
                .stored();
    }

    /** A table with one item and a secret: enough of AWS to reach the call that hangs. */
    private static final class Aws implements AutoCloseable {

        private final CountDownLatch closed = new CountDownLatch(1);
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final String hanging;
        private volatile Object item = Map.of();

        Aws(String hanging) throws IOException {
            this.hanging = hanging;
            server.createContext("/", this::answer);
            server.setExecutor(threads);
            server.start();
        }

        Map<String, String> env() {
            String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
            return Map.of(
                    "TASKS_TABLE", "tasks",
                    "TWILIO_SECRET_ID", "smstask/twilio",
                    "AWS_REGION", "eu-central-1",
                    "AWS_ACCESS_KEY_ID", "key",
                    "AWS_SECRET_ACCESS_KEY", "secret",
                    "AWS_ENDPOINT_URL", endpoint);
        }

        private void answer(HttpExchange exchange) throws IOException {
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (target.equals(hanging)) {
                awaitEnd();
            }
            byte[] answer = answer(target, body).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        }

        private String answer(String target, byte[] body) throws IOException {
            try {
                switch (target) {
                    case "DynamoDB_20120810.PutItem" ->
                        item = Json.parseObject(body).get("Item");
                    case "DynamoDB_20120810.GetItem" -> {
                        return Json.writeText(Map.of("Item", item));
                    }
                    case "secretsmanager.GetSecretValue" -> {
                        return Json.writeText(Map.of("SecretString", CallbackFixture.secret(CallbackFixture.TOKEN)));
                    }
                    default -> throw new IOException("not expected: " + target);
                }
                return "{}";
            } catch (BadJson e) {
                throw new IOException(e);
            }
        }

        private void awaitEnd() {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            closed.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
