package io.smstask.proof;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smstask.json.Json;
import io.smstask.lambdaprocess.BuiltFunction;
import io.smstask.lambdaprocess.LambdaProcess;
import io.smstask.lambdaprocess.Launch;
import io.smstask.lambdaprocess.Reported;
import io.smstask.local.AheadClock;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.PollRun;
import io.smstask.local.WaitingCaller;
import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.TwilioSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * send-function and callback-function as they are deployed, killed at every step ({@link KilledPollIT} kills the third). The one who kills is whom the function is talking to at that
 * moment, the database or Twilio, so each kill comes exactly where its test says. Then another process gets the same task,
 * Twilio's callbacks arrive, and the poll runs by a clock that is ahead.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's Java runtime has native code for Linux only")
final class KilledFunctionIT {

    private static final Path TEMPLATE = Template.find();
    private static final Duration PAST_CALL_DEADLINE = Duration.ofMinutes(2);
    private static final Duration CALLBACK_OVERDUE = Duration.ofMinutes(16);
    private static final Duration PAST_DUE = Duration.ofHours(25);

    /** Longer than the function takes from Twilio's answer to its next step. */
    private static final Duration LATER = Duration.ofSeconds(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** From 100 on, so that no task's text is part of another's. */
    private static final AtomicInteger tasks = new AtomicInteger(100);

    @TempDir
    private static Path work;

    private static LocalStack stack;
    private static Launch sendFunction;
    private static Launch callbackFunction;

    /** The process that comes after a killed one. */
    private static LambdaProcess nextSend;

    private static LambdaProcess nextCallback;

    /** The stack's: its poll runs ahead of the built functions, which go by the system's clock. */
    private static final TestClock clock = new TestClock();

    private final String task = "killed-" + tasks.incrementAndGet();
    private final List<LambdaProcess> started = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        sendFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.SEND_FUNCTION, "send-function", work);
        callbackFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.CALLBACK_FUNCTION, "callback-function", work);
        stack = LocalStack.start(
                LocalOptions.forTests(line -> {}).withClock(clock),
                Template.read(TEMPLATE).with(LocalStack.WITH_SEND_QUEUE));
        nextSend = process(sendFunction, LocalStack.SEND_FUNCTION);
        nextCallback = process(callbackFunction, LocalStack.CALLBACK_FUNCTION);
        nextSend.invoke("{\"read\":\"none\"}");
        nextCallback.invoke(strangersCallback());
    }

    @AfterAll
    static void end() {
        for (var part : new AutoCloseable[] {nextSend, nextCallback, stack}) {
            if (part != null) {
                assertThat(part).satisfies(AutoCloseable::close);
            }
        }
    }

    @BeforeEach
    void no_poll_is_ahead() {
        clock.ahead = new AheadClock();
    }

    @AfterEach
    void it_was_never_sent_twice() {
        stack.dynamoDb().calls().interfere(DynamoDbCalls.Interference.NONE);
        stack.callbackApi().put(LocalStack.CALLBACK_FUNCTION, stack.function(LocalStack.CALLBACK_FUNCTION));
        started.forEach(LambdaProcess::close);
        assertThat(posts()).isLessThanOrEqualTo(1);
    }

    @Test
    void before_the_claim_nothing_has_happened_and_the_repeat_sends() throws IOException {
        var victim = victim();
        stack.dynamoDb().calls().interfere(lost("PutItem", victim::kill));

        assertThat(killed(victim)).isTrue();
        assertThat(posts()).isZero();
        assertThat(read().path("code").asText()).isEqualTo("not_found");

        assertThat(again().path("sid").asText()).isEqualTo(sidAtTwilio());
        awaitDelivered();
    }

    @Test
    void between_claim_and_post_nobody_can_know_and_it_stays_unknown_without_a_post() throws IOException {
        var victim = victim();
        stack.dynamoDb().calls().interfere(answerLost("PutItem", victim::kill));

        assertThat(killed(victim)).isTrue();
        assertThat(againInProgress()).isTrue();
        pollAhead(PAST_CALL_DEADLINE);
        assertUnknown(again());
        pollAhead(PAST_DUE);
        assertUnknown(again());

        assertThat(posts()).isZero();
    }

    @Test
    void during_the_post_the_callback_heals_an_outcome_that_was_unknown() throws IOException {
        var victim = victim();
        twilio().nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.hang(Duration.ofMinutes(1))));
        // Not before the poll has written the outcome down as unknown.
        twilio().nextCallbacks(CallbackPlan.afterAnswer("sent", "delivered").delayed(Duration.ofSeconds(4)));

        var call = victim.begin(event());
        await("the POST to Twilio").until(() -> posts() == 1);
        victim.kill();

        assertThat(call).isCompletedExceptionally();
        assertThat(againInProgress()).isTrue();
        pollAhead(PAST_CALL_DEADLINE);
        awaitDelivered();
        assertThat(again().path("sid").asText()).isEqualTo(sidAtTwilio());
    }

    @Test
    void during_the_post_with_every_callback_lost_the_poll_finds_the_message_in_twilios_list() throws IOException {
        var victim = victim();
        twilio().nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.hang(Duration.ofMinutes(1))));
        twilio().nextCallbacks(CallbackPlan.lost("sent", "delivered"));

        var call = victim.begin(event());
        await("the POST to Twilio").until(() -> posts() == 1);
        victim.kill();

        assertThat(call).isCompletedExceptionally();
        pollAhead(PAST_CALL_DEADLINE);
        assertUnknown(again());
        await("delivered at Twilio").until(() -> statusAtTwilio().equals("delivered"));
        pollUntilDelivered();
        assertThat(history()).endsWith("delivered matched");
    }

    @Test
    void between_twilios_answer_and_the_record_the_callback_brings_the_sid() throws IOException {
        var victim = victim();
        twilio().nextCallbacks(CallbackPlan.afterAnswer("sent", "delivered").delayed(LATER));
        stack.dynamoDb().calls().interfere(lost("UpdateItem", victim::kill));

        assertThat(killed(victim)).isTrue();
        assertThat(posts()).isOne();

        awaitDelivered();
        assertThat(again().path("sid").asText()).isEqualTo(sidAtTwilio());
    }

    @Test
    void between_the_record_and_the_answer_the_repeat_tells_and_the_poll_heals() throws IOException {
        var victim = victim();
        twilio().nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        stack.dynamoDb().calls().interfere(answerLost("UpdateItem", victim::kill));

        assertThat(killed(victim)).isTrue();
        assertThat(again().path("sid").asText()).isEqualTo(sidAtTwilio());
        assertThat(again().path("node").asText()).isEqualTo("Waiting for Callback");

        pollUntilDelivered();
    }

    @Test
    void over_a_message_before_the_claim_the_message_comes_again_and_is_sent() throws IOException {
        var victim = victim();
        stack.dynamoDb().calls().interfere(lost("PutItem", victim::kill));

        assertThat(killed(victim, message())).isTrue();
        assertThat(posts()).isZero();

        assertThat(isDone(message())).isTrue();
        awaitDelivered();
    }

    @Test
    void over_a_message_during_the_post_the_message_comes_again_and_is_not_sent_twice() throws IOException {
        var victim = victim();
        twilio().nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.hang(Duration.ofMinutes(1))));
        twilio().nextCallbacks(CallbackPlan.afterAnswer("sent", "delivered").delayed(Duration.ofSeconds(4)));

        var call = victim.begin(message());
        await("the POST to Twilio").until(() -> posts() == 1);
        victim.kill();

        assertThat(call).isCompletedExceptionally();
        assertThat(isDone(message())).isFalse();
        awaitDelivered();
        assertThat(isDone(message())).isTrue();
    }

    @Test
    void over_a_message_between_the_record_and_the_answer_the_message_comes_again_and_is_done() throws IOException {
        var victim = victim();
        stack.dynamoDb().calls().interfere(answerLost("UpdateItem", victim::kill));

        assertThat(killed(victim, message())).isTrue();

        assertThat(isDone(message())).isTrue();
        awaitDelivered();
    }

    @Test
    void a_callback_killed_between_its_read_and_its_write_is_repeated_by_twilio() throws IOException {
        var victim = start(callbackFunction, LocalStack.CALLBACK_FUNCTION);
        victim.invoke(strangersCallback());
        behindTheCallbackApi(victim);
        twilio().nextCallbacks(CallbackPlan.afterAnswer("delivered").delayed(LATER));
        stack.dynamoDb().calls().interfere(answerLost("GetItem", () -> killAndFollow(victim)));

        again();

        // Only then: to read the task is a read, too.
        await("a callback that was answered 500, then 204")
                .untilAsserted(() -> assertThat(callbackAnswers()).containsExactly(500, 204));
        awaitDelivered();
        assertThat(history()).containsExactly("queued", "delivered");
    }

    @Test
    void a_callback_killed_between_its_write_and_its_answer_is_repeated_and_changes_nothing_more() throws IOException {
        var victim = start(callbackFunction, LocalStack.CALLBACK_FUNCTION);
        victim.invoke(strangersCallback());
        behindTheCallbackApi(victim);
        twilio().nextCallbacks(CallbackPlan.afterAnswer("delivered").delayed(LATER));
        // The sender writes, too, so the write that counts is the one after the callback's read.
        stack.dynamoDb().calls().interfere(onceRead(answerLost("UpdateItem", () -> killAndFollow(victim))));

        again();

        await("a callback that was answered 500, then 204")
                .untilAsserted(() -> assertThat(callbackAnswers()).containsExactly(500, 204));
        awaitDelivered();
        assertThat(history()).containsExactly("queued", "delivered", "delivered duplicate");
    }

    @Test
    void a_callback_killed_before_it_resumes_who_waits_is_made_up_for_by_the_next() throws IOException {
        var victim = start(callbackFunction, LocalStack.CALLBACK_FUNCTION);
        victim.invoke(strangersCallback());
        behindTheCallbackApi(victim);
        twilio().nextCallbacks(CallbackPlan.afterAnswer("delivered").delayed(Duration.ofSeconds(4)));
        stack.dynamoDb().calls().interfere(onceRead(answerLost("UpdateItem", () -> killAndFollow(victim))));

        again();
        try (WaitingCaller caller = stack.waitingCaller()) {
            String token = caller.waitFor(task).orElseThrow();

            await("the outcome for the caller that waits")
                    .until(() -> caller.outcome(token).isPresent());
            assertThat(JSON.readTree(caller.outcome(token).orElseThrow())
                            .path("status")
                            .asText())
                    .isEqualTo("delivered");
        }
        assertThat(callbackAnswers()).startsWith(500);
    }

    /** A callback for no task: whoever is given it has started, and has asked the store. */
    private static String strangersCallback() throws IOException {
        return Files.readString(TEMPLATE.resolveSibling("events").resolve("callback-delivered.json"));
    }

    private LambdaProcess victim() throws IOException {
        var victim = start(sendFunction, LocalStack.SEND_FUNCTION);
        victim.invoke("{\"read\":\"none\"}");
        return victim;
    }

    private LambdaProcess start(Launch function, String logicalId) throws IOException {
        var running = process(function, logicalId);
        started.add(running);
        return running;
    }

    private static LambdaProcess process(Launch function, String logicalId) throws IOException {
        return LambdaProcess.start(function.with(stack.environment(logicalId)), work);
    }

    /** Gives the event to a function that will be killed over it. */
    private boolean killed(LambdaProcess victim) {
        return killed(victim, event());
    }

    private static boolean killed(LambdaProcess victim, String event) {
        CompletableFuture<Reported> call = victim.begin(event);
        await("the end of the call").until(call::isDone);
        stack.dynamoDb().calls().interfere(DynamoDbCalls.Interference.NONE);
        return call.isCompletedExceptionally();
    }

    private static DynamoDbCalls.Interference lost(String operation, Runnable kill) {
        return new DynamoDbCalls.Interference() {
            @Override
            public boolean isLost(String asked) {
                return struck(asked, operation, kill);
            }
        };
    }

    private static DynamoDbCalls.Interference answerLost(String operation, Runnable kill) {
        return new DynamoDbCalls.Interference() {
            @Override
            public boolean isAnswerLost(String asked) {
                return struck(asked, operation, kill);
            }
        };
    }

    private static boolean struck(String asked, String operation, Runnable kill) {
        if (!asked.equals(operation)) {
            return false;
        }
        kill.run();
        return true;
    }

    private static DynamoDbCalls.Interference onceRead(DynamoDbCalls.Interference then) {
        return new DynamoDbCalls.Interference() {
            private volatile boolean isRead;

            @Override
            public boolean isAnswerLost(String asked) {
                isRead |= asked.equals("GetItem");
                return isRead && then.isAnswerLost(asked);
            }
        };
    }

    private static void behindTheCallbackApi(LambdaProcess callback) {
        stack.callbackApi()
                .put(
                        LocalStack.CALLBACK_FUNCTION,
                        new LocalFunction(
                                LocalStack.CALLBACK_FUNCTION,
                                (in, out, context) -> out.write(callback.begin(new String(in.readAllBytes(), UTF_8))
                                        .join()
                                        .body()
                                        .getBytes(UTF_8)),
                                callbackFunction.timeout(),
                                line -> {}));
    }

    private static void killAndFollow(LambdaProcess victim) {
        stack.dynamoDb().calls().interfere(DynamoDbCalls.Interference.NONE);
        behindTheCallbackApi(nextCallback);
        victim.kill();
    }

    private String event() {
        Map<String, Object> parameters = aTask(task);
        parameters.put("body", "Your code is " + task);
        // A recipient of its own: where another test's task stays unknown, its message must not be this one's.
        parameters.put("number_to", task.replace("killed-", "+15558670"));
        return Json.writeText(parameters);
    }

    /** The call as the queue hands it over. */
    private String message() throws IOException {
        JsonNode event = JSON.readTree(
                TEMPLATE.resolveSibling("events").resolve("send-sqs.json").toFile());
        ((ObjectNode) event.path("Records").path(0)).put("body", event());
        return event.toString();
    }

    /** Gives a message to the next process. */
    private static boolean isDone(String message) {
        return json(nextSend.invoke(message)).path("batchItemFailures").isEmpty();
    }

    private JsonNode again() {
        return json(nextSend.invoke(event()));
    }

    private boolean againInProgress() {
        var answer = nextSend.invoke(event());
        return answer.isError() && answer.body().contains("io.smstask.send.TaskInProgress");
    }

    private JsonNode read() {
        return json(nextSend.invoke("{\"read\":\"" + task + "\"}"));
    }

    private static JsonNode json(Reported reported) {
        assertThat(reported.isError()).as(reported.body()).isFalse();
        try {
            return JSON.readTree(reported.body());
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + reported.body(), e);
        }
    }

    private void pollAhead(Duration by) throws IOException {
        clock.ahead.jump(by);
        PollRun.of(stack);
    }

    /** On a busy machine a look may get no answer in time; the next one then finds the message. */
    private void pollUntilDelivered() {
        await("the task delivered").untilAsserted(() -> {
            pollAhead(CALLBACK_OVERDUE);
            assertDelivered();
        });
    }

    private void awaitDelivered() {
        await("the task delivered").untilAsserted(this::assertDelivered);
    }

    private void assertDelivered() {
        var stored = read();
        assertThat(stored.path("node").asText()).isEqualTo("Final");
        assertThat(stored.path("status").asText()).isEqualTo("delivered");
        assertThat(stored.path("sid").asText()).isEqualTo(sidAtTwilio());
        assertThat(stored.has("code")).isFalse();
    }

    private static void assertUnknown(JsonNode stored) {
        assertThat(stored.path("node").asText()).isEqualTo("Escalation");
        assertThat(stored.path("code").asText()).isEqualTo("outcome_unknown");
        assertThat(stored.path("retryable").asText()).isEqualTo("unknown");
        assertThat(stored.has("sid")).isFalse();
    }

    private List<String> history() {
        List<String> history = new ArrayList<>();
        for (JsonNode entry : read().path("history")) {
            history.add(
                    (entry.path("status").asText() + " " + entry.path("note").asText()).strip());
        }
        return history;
    }

    private List<Integer> callbackAnswers() {
        return twilio().callbacks().stream()
                .filter(attempt -> attempt.url().endsWith("/" + task))
                .map(attempt -> attempt.responseCode().orElse(0))
                .toList();
    }

    private String sidAtTwilio() {
        return twilio().messages().stream()
                .filter(message -> isOfTask(message.statusCallback().orElse("")))
                .findFirst()
                .orElseThrow()
                .sid();
    }

    private String statusAtTwilio() {
        return twilio().messages().stream()
                .filter(message -> isOfTask(message.statusCallback().orElse("")))
                .findFirst()
                .orElseThrow()
                .status();
    }

    private long posts() {
        return twilio().requests().stream()
                .flatMap(request -> request.form().getOrDefault("StatusCallback", List.of()).stream())
                .filter(this::isOfTask)
                .count();
    }

    private boolean isOfTask(String callbackUrl) {
        return URI.create(callbackUrl).getPath().endsWith("/" + task);
    }

    private static TwilioSimulator twilio() {
        return stack.simulator().orElseThrow();
    }

    /** Each test's own time. */
    private static final class TestClock extends Clock {

        private volatile AheadClock ahead = new AheadClock();

        @Override
        public Instant instant() {
            return ahead.instant();
        }

        @Override
        public ZoneId getZone() {
            return ahead.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
