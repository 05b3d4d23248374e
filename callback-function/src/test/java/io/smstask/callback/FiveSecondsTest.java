package io.smstask.callback;

import static io.smstask.callback.ACallback.aCallback;
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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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

/** Twilio waits for 5 s, as the callback's URL asks it to: whoever hangs, the function has answered by then. */
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
        CallbackStage stage = CallbackStage.withTaskOfTheStack(CallbackStage.secret(CallbackStage.TOKEN))
                .recorded("queued");
        stage.timeToReadSecret = CallbackWiring.SECRET_LIMIT;
        stage.timeToResume = FIVE_SECONDS;
        stage.store.before(Call.FIND, () -> stage.clock.move(CallbackWiring.READ_LIMIT));
        // Two executions begin to wait meanwhile, so the first try is refused.
        stage.store.before(
                Call.WRITE, () -> stage.waitedForBy("first", "second").clock.move(ALMOST_LATEST_TRY));
        stage.store.before(Call.WRITE, () -> stage.clock.move(CallbackWiring.WRITE_LIMIT));
        stage.store.before(
                Call.WRITE, () -> stage.clock.move(stage.store.steps().get(0)));

        assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);

        assertThat(stage.resumed).hasSize(1);
        assertThat(stage.store.calls()).containsExactly(Call.FIND, Call.WRITE, Call.WRITE, Call.WRITE);
        assertThat(Duration.between(HandClock.START, stage.clock.instant())).isLessThan(FIVE_SECONDS);
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
            ByteArrayOutputStream answer = new ByteArrayOutputStream();

            new CallbackHandler(aws.env())
                    .handleRequest(
                            new ByteArrayInputStream(Events.read("callback-delivered")),
                            answer,
                            new TestContext("callback", Duration.ofSeconds(10)));

            assertThat(Json.parseObject(answer.toByteArray())).containsEntry("statusCode", 503);
        }
    }

    private static Task taskOfTheStack() {
        return CallbackStage.withTaskOfTheStack(CallbackStage.secret(CallbackStage.TOKEN))
                .stored();
    }

    /** A table of one item, and a secret: just enough of AWS to come as far as the call that hangs. */
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
                        return Json.writeText(Map.of("SecretString", CallbackStage.secret(CallbackStage.TOKEN)));
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
