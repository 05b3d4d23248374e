package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.smstask.json.Json;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.Node;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore;
import io.smstask.testing.InMemoryRecipientCounter;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stops a task between its claim and the call of Twilio. */
final class BrakesTest {

    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final InMemoryRecipientCounter counter = new InMemoryRecipientCounter();
    private final SendFixture limited = SendFixture.withRecipientLimit(2, WINDOW, counter);

    @ParameterizedTest
    @ValueSource(strings = {"+15558675310", "+1 (555) 867-5310", "+49301234567", "whatsapp:+15558675310"})
    void a_number_of_an_allowed_country_is_sent_to_however_it_is_written(String number) {
        var fixture = SendFixture.sendingTo("+1", "+4930");

        assertThat(fixture.answerTo(Calls.callWith("number_to", number))).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+491512345678",
                "+ 44 1",
                "441234567",
                "0015558675310",
                "415-867-5309",
                "1555",
                "whatsapp:+441234567",
                "messenger:15558675310",
                "+1555:+441234567",
                "\uFF0B15558675310"
            })
    void every_other_number_is_refused_and_twilio_is_not_called(String number) {
        var fixture = SendFixture.sendingTo("+1", "+4930");
        Map<String, Object> call = Calls.callWith("number_to", number);

        assertThat(fixture.answerTo(call)).isEqualTo(403);

        Task task = fixture.stored();
        assertThat(task.sms().body()).isEmpty();
        assertThat(task.node()).isEqualTo(Node.ESCALATION);
        assertThat(task.escalation().orElseThrow().code()).isEqualTo("country_not_allowed");
        assertThat(task.escalation().orElseThrow().retryable()).isEqualTo(Retryable.NO);
        assertThat(fixture.answerTo(call)).isEqualTo(403);
        assertThat(fixture.twilio.asked()).isEmpty();
    }

    @Test
    void one_message_too_many_to_a_recipient_waits_for_the_next_window() {
        assertThat(limited.answerTo(Calls.callWith("task_id", "one"))).isEqualTo(201);
        assertThat(limited.answerTo(Calls.callWith("task_id", "two"))).isEqualTo(201);

        APIGatewayV2HTTPResponse third = SendReplies.http(limited.send(Calls.call()));

        assertThat(third.getStatusCode()).isEqualTo(429);
        long wait = Long.parseLong(third.getHeaders().get("Retry-After"));
        assertThat(wait).isBetween(1L, WINDOW.toSeconds());
        assertThat(third.getBody()).contains("\"recipient_limit\"", "\"retryable\":\"yes\"", "\"Escalation\"");
        assertThat(limited.twilio.asked()).hasSize(2);

        limited.clock.move(Duration.ofSeconds(wait));
        assertThat(limited.answerTo(Calls.call())).isEqualTo(201);
    }

    @Test
    void a_direct_caller_is_told_how_long_to_wait() {
        limited.send(Calls.callWith("task_id", "one"));
        limited.send(Calls.callWith("task_id", "two"));

        Map<String, Object> third = SendReplies.direct(limited.send(Calls.call()), limited.clock.instant());

        assertThat(third).containsEntry("code", "recipient_limit").containsEntry("reason", "capacity");
        assertThat((Long) third.get("retry_after_seconds")).isBetween(1L, WINDOW.toSeconds());
    }

    @Test
    void a_repeat_of_a_known_task_is_answered_before_any_brake() {
        limited.send(Calls.call());
        limited.send(Calls.callWith("task_id", "two"));
        limited.send(Calls.callWith("task_id", "three"));

        assertThat(limited.answerTo(Calls.call())).isEqualTo(200);
    }

    @Test
    void an_attempt_counts_whatever_twilio_says() {
        limited.twilioAlwaysAnswers(
                SampleSms.refused(400, new TwilioError("21211", "Twilio's words.", Optional.empty(), Retryable.NO)));
        assertThat(limited.answerTo(Calls.callWith("task_id", "one"))).isEqualTo(422);
        assertThat(limited.answerTo(Calls.callWith("task_id", "two"))).isEqualTo(422);

        assertThat(limited.answerTo(Calls.call())).isEqualTo(429);
    }

    @Test
    void one_number_is_one_recipient_however_it_is_written_and_another_account_counts_apart() {
        limited.send(Calls.callWith("task_id", "one", "number_to", "+15558675310"));
        limited.send(Calls.callWith("task_id", "two", "number_to", "whatsapp:+1 (555) 867-5310"));
        assertThat(limited.answerTo(Calls.callWith("task_id", "three"))).isEqualTo(429);

        assertThat(limited.answerTo(Calls.callWith("task_id", "four", "number_to", "+15558675311")))
                .isEqualTo(201);
        assertThat(limited.answerTo(Calls.callWith("AccountSid", "AC00000000000000000000000000000002")))
                .isEqualTo(201);
        assertThat(counter.recipients()).hasSize(3).noneMatch(hash -> hash.contains("555"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "15558675310",
                "+1/555/867/5310",
                "tel:+1-555-867-5310",
                "+1_555_867_5310",
                "+1 555 8675310 ",
                "+1555867\u200B5310",
                "\uFF0B\uFF11\uFF15\uFF15\uFF15\uFF18\uFF16\uFF17\uFF15\uFF13\uFF11\uFF10",
                "+\u0661\u0665\u0665\u0665\u0668\u0666\u0667\u0665\u0663\u0661\u0660"
            })
    void no_spelling_gets_a_recipient_more_messages(String number) {
        limited.send(Calls.callWith("task_id", "one"));
        limited.send(Calls.callWith("task_id", "two"));

        assertThat(limited.answerTo(Calls.callWith("number_to", number))).isEqualTo(429);
    }

    @Test
    void names_on_a_channel_are_counted_apart() {
        limited.send(Calls.callWith("task_id", "one", "number_to", "rcs:agent"));
        limited.send(Calls.callWith("task_id", "two", "number_to", "rcs:Agent"));

        assertThat(limited.answerTo(Calls.callWith("task_id", "three", "number_to", "rcs:other")))
                .isEqualTo(201);
        assertThat(limited.answerTo(Calls.callWith("number_to", "rcs:agent"))).isEqualTo(429);
    }

    /** An erased task keeps ids of its own, and the hash of a number can be guessed. */
    @Test
    void what_is_counted_leads_to_no_task() {
        List<String> attempts = new ArrayList<>();
        var fixture = SendFixture.withRecipientLimit(2, WINDOW, (recipient, attempt, places, end) -> {
            attempts.add(attempt);
            return true;
        });

        fixture.send(Calls.call());

        Task task = fixture.stored();
        assertThat(attempts).hasSize(1).allMatch(attempt -> attempt.length() >= 32);
        assertThat(attempts.get(0))
                .isNotIn(
                        task.id().value(),
                        task.claim().id(),
                        task.fingerprint().salt(),
                        task.fingerprint().hash(),
                        task.claim().proof().key().text());
    }

    @ParameterizedTest
    @CsvSource({
        "+441234567890, country_not_allowed, ours, false",
        "+441234567890, country_not_allowed, ours, true",
        "+15558675310, recipient_limit, capacity, false"
    })
    void a_stopped_task_is_one_line_with_its_metric(String number, String code, String reason, boolean isLost)
            throws IOException {
        var fixture = code.equals("recipient_limit")
                ? SendFixture.withRecipientLimit(2, WINDOW, (recipient, attempt, places, end) -> false)
                : SendFixture.sendingTo("+1");
        if (isLost) {
            fixture.store.failOnce(FaultyStore.Call.WRITE);
        }
        TestContext context = new TestContext(SendFixture.FUNCTION_TIMEOUT);
        byte[] call = Json.write(Calls.callWith("number_to", number));

        new SendHandler(fixture.wiring()).answer(call, context.invocation());

        assertThat(context.logged())
                .contains(
                        isLost ? "\"level\":\"WARN\"" : "\"level\":\"INFO\"",
                        isLost ? "\"message\":\"stopped_not_recorded\"" : "\"message\":\"stopped\"",
                        "\"AccountSid\":\"" + SampleSms.ACCOUNT + "\"",
                        "\"code\":\"" + code + "\"",
                        "\"reason\":\"" + reason + "\"",
                        "\"stopped\":1")
                .doesNotContain(number.substring(1), Calls.BODY);
        assertThat(context.logged().contains("\"not_recorded\":1")).isEqualTo(isLost);
    }

    @Test
    void a_message_that_cannot_be_counted_is_not_sent_and_the_same_call_may_run_the_task_again() {
        boolean[] isDown = {true};
        var fixture = SendFixture.withRecipientLimit(2, WINDOW, (recipient, attempt, places, end) -> {
            if (isDown[0]) {
                throw new StoreUnavailable("down", new IllegalStateException());
            }
            return true;
        });

        assertThatThrownBy(() -> fixture.send(Calls.call())).isInstanceOf(StoreUnavailable.class);
        assertThat(fixture.twilio.asked()).isEmpty();
        assertThat(fixture.stored().mayRunAgain()).isTrue();

        isDown[0] = false;
        assertThat(fixture.answerTo(Calls.call())).isEqualTo(201);
    }

    @Test
    void the_count_takes_its_time_from_twilios() {
        SendFixture[] self = new SendFixture[1];
        self[0] = SendFixture.withRecipientLimit(2, WINDOW, (recipient, attempt, places, end) -> {
            self[0].clock.move(Duration.ofSeconds(1));
            return true;
        });

        self[0].send(Calls.call());

        assertThat(self[0].twilio.asked().get(0).patience()).isEqualTo(Duration.ofSeconds(14));
    }

    @Test
    void a_count_that_leaves_too_little_time_is_not_followed_by_a_call() {
        SendFixture[] self = new SendFixture[1];
        self[0] = SendFixture.withRecipientLimit(2, WINDOW, (recipient, attempt, places, end) -> {
            self[0].clock.move(Duration.ofSeconds(1));
            return true;
        });

        assertThatThrownBy(() -> self[0].send(Calls.call(), Duration.ofSeconds(6)))
                .isInstanceOf(StoreUnavailable.class);
        assertThat(self[0].twilio.asked()).isEmpty();
        assertThat(self[0].stored().mayRunAgain()).isTrue();
    }
}
