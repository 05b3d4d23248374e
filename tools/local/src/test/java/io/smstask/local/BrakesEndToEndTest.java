package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.TasksClient.Reply;
import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.local.template.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole stack with its brakes on. */
class BrakesEndToEndTest {

    private static final int LIMIT = 5;
    private static final int CALLS = 200;

    private static LocalStack stack;
    private static TasksClient client;

    @BeforeAll
    static void start() {
        Map<String, String> brakes = Map.of(
                "AllowedPrefixes",
                "+1,+49",
                "RecipientLimit",
                Integer.toString(LIMIT),
                "RecipientWindowSeconds",
                "86400");
        stack = LocalStack.start(
                LocalOptions.forTests(line -> {}).withParameters(brakes), Template.read(Template.find()));
        client = new TasksClient(stack.tasksUrl());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void of_200_calls_at_once_for_one_recipient_exactly_five_are_sent() throws Exception {
        List<Callable<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            Map<String, Object> task = aTask("storm-" + i);
            task.put("number_to", "+491512345678");
            calls.add(() -> client.send(task));
        }
        int sent = 0;
        int outages = 0;
        ExecutorService threads = Executors.newFixedThreadPool(CALLS);
        try {
            for (Future<Reply> call : threads.invokeAll(calls)) {
                Reply reply = call.get();
                if (reply.status() == 201) {
                    sent++;
                } else if (reply.text("code").equals("store_unavailable")) {
                    outages++;
                } else {
                    assertThat(reply.status()).isEqualTo(429);
                    assertThat(reply.text("code")).isEqualTo("recipient_limit");
                }
            }
        } finally {
            threads.shutdownNow();
        }

        // On a busy machine a call may take a place and then have too little time to be sent.
        assertThat(sent).isBetween(Math.max(0, LIMIT - outages), LIMIT);
        assertThat(messagesTo("+491512345678")).isEqualTo(sent);
    }

    /** It has one second; here it takes five. */
    @Test
    void a_count_that_takes_too_long_is_not_waited_for() {
        stack.dynamoDb().calls().interfere(new DynamoDbCalls.Interference() {
            @Override
            public Duration lateness(String operation) {
                return operation.equals("UpdateItem") ? Duration.ofSeconds(5) : Duration.ZERO;
            }
        });
        Map<String, Object> task = aTask("uncounted");
        task.put("number_to", "+491512345679");

        Reply reply = client.send(task);

        stack.dynamoDb().calls().interfere(DynamoDbCalls.Interference.NONE);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text("code")).isEqualTo("store_unavailable");
        assertThat(messagesTo("+491512345679")).isZero();
    }

    @Test
    void a_task_for_another_country_is_kept_and_not_sent() {
        Map<String, Object> task = aTask("elsewhere");
        task.put("number_to", "+441234567890");

        // On a busy machine the table may not answer in time: 503, and the call is repeated.
        await("the brake's answer").until(() -> client.send(task).status() == 403);

        Reply stored = client.task("elsewhere");
        assertThat(stored.text("node")).isEqualTo("Escalation");
        assertThat(stored.text("code")).isEqualTo("country_not_allowed");
        assertThat(stored.text("retryable")).isEqualTo("no");
        assertThat(messagesTo("+441234567890")).isZero();
    }

    private static long messagesTo(String number) {
        return stack.simulator().orElseThrow().requests().stream()
                .filter(request -> request.form().getOrDefault("To", List.of()).contains(number))
                .count();
    }
}
