package io.smstask.task;

import static io.smstask.task.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.task.TaskStore.Rescheduled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small types: what they refuse and what they show when printed. */
final class ValuesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "order-4711",
                "_",
                "-",
                "A_z-09",
                "Za",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void a_task_id_takes_its_alphabet(String id) {
        assertThat(new TaskId(id)).hasToString(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a/b",
                "a.b",
                "a%2Fb",
                "a\n",
                "é",
                "٣",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void a_task_id_refuses_everything_else_and_does_not_quote_it(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskId(id))
                .withMessage("task_id must match [A-Za-z0-9_-]{1,64}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SM00000000000000000000000000000001",
                "MM0123456789abcdef0123456789abcdef",
                "SM0123456789ABCDEF0123456789ABCDEF"
            })
    void a_message_sid_is_sm_or_mm_and_32_hexadecimal_digits(String sid) {
        assertThat(new MessageSid(sid)).hasToString(sid);
        assertThat(AccountSid.isValid(sid)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SM",
                "sm00000000000000000000000000000001",
                "AC00000000000000000000000000000001",
                "SM0000000000000000000000000000001",
                "SM000000000000000000000000000000012",
                "SM0000000000000000000000000000000g",
                "SM0000000000000000000000000000000٣",
                "SM0000000000000000000000000000000１",
                " SM0000000000000000000000000000001"
            })
    void a_message_sid_refuses_everything_else(String sid) {
        assertThat(MessageSid.isValid(sid)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MessageSid(sid))
                .withMessageStartingWith("sid must be");
    }

    @Test
    void an_account_sid_begins_with_ac() {
        assertThat(AccountSid.isValid("AC00000000000000000000000000000001")).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new AccountSid("SM00000000000000000000000000000001"));
    }

    @Test
    void a_secret_is_not_printed() {
        assertThat(Samples.TOKEN).hasToString("***");
        assertThat(Samples.TOKEN.reveal()).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThatIllegalArgumentException().isThrownBy(() -> new AuthToken(""));
    }

    @Test
    void secrets_are_equal_by_what_they_are() {
        assertThat(Samples.TOKEN)
                .isEqualTo(new AuthToken(Samples.TOKEN.reveal()))
                .hasSameHashCodeAs(new AuthToken(Samples.TOKEN.reveal()))
                .isNotEqualTo(new AuthToken("another"));
    }

    @Test
    void a_task_token_is_given_in_clear_only_where_that_is_said() {
        TaskToken token = new TaskToken("AQCEAAAAKgAA");

        assertThat(token).hasToString("***");
        assertThat(token.reveal()).isEqualTo("AQCEAAAAKgAA");
        assertThatThrownBy(() -> new TaskToken("")).isInstanceOf(IllegalArgumentException.class);
        // By this, a token that was resumed is struck off.
        assertThat(token).isEqualTo(new TaskToken("AQCEAAAAKgAA")).isNotEqualTo(new TaskToken("another"));
    }

    @Test
    void an_item_that_cannot_be_read_is_named_by_its_task() {
        assertThat(new UnreadableTask(Samples.TASK_ID))
                .hasMessage("the item of task order-4711 is not a task that can be read")
                .extracting(UnreadableTask::id)
                .isEqualTo(Samples.TASK_ID);
    }

    @Test
    void each_end_of_moving_a_poll_has_its_own_branch() {
        List<String> run = new ArrayList<>();
        for (Rescheduled end : List.of(
                new Rescheduled.Moved(Optional.of(Samples.ACCOUNT), Optional.of(NOW)),
                new Rescheduled.Overtaken(),
                new Rescheduled.Refused())) {
            end.match(
                    moved -> run.add("moved, " + moved.account().orElseThrow()),
                    () -> run.add("overtaken"),
                    () -> run.add("refused"));
        }

        assertThat(run).containsExactly("moved, " + Samples.ACCOUNT, "overtaken", "refused");
    }

    @Test
    void a_number_shows_its_last_two_characters() {
        assertThat(new PhoneNumber("+15558675310")).hasToString("***10");
        assertThat(new PhoneNumber("whatsapp:+15558675310")).hasToString("***10");
        assertThat(new PhoneNumber("7726")).hasToString("***");
    }

    @Test
    void a_text_shows_its_length_in_code_points() {
        assertThat(new MessageText("hello 🙂")).hasToString("*** (7 characters)");
    }

    @Test
    void a_printed_task_shows_where_it_stands_and_nothing_private() {
        Sms sms = new Sms(
                Samples.ACCOUNT,
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("private text")),
                Map.of(
                        "ContentVariables",
                        List.of("{\"1\":\"private variable\"}"),
                        "FallbackFrom",
                        List.of("+15005550007")));
        Claim sealed = new Claim(
                "claim-1",
                1,
                NOW,
                "https://callbacks.example.com",
                new CallbackProof.SealedToken("sealedtext", new CallbackProof.KeyHash("hash")));
        Task task = Task.claimed(Samples.TASK_ID, sms, sealed, NOW, NOW).withContext("{\"private\":\"context\"}");
        Task failed = task.escalated(
                new Escalation.TwilioError("21211", "private message", Optional.empty(), Retryable.NO), NOW);

        assertThat(failed.toString())
                .contains("order-4711", "ESCALATION")
                .doesNotContain("private", "sealedtext", "555867", "500555");
        assertThat(sms.toString()).doesNotContain("private", "555867", "500555");
    }

    @ParameterizedTest
    @EnumSource(CallFailure.class)
    void a_call_failure_is_found_by_its_code(CallFailure failure) {
        assertThat(CallFailure.of(failure.code())).contains(failure);
        assertThat(CallFailure.of("21211")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CallFailure.class)
    void only_a_failure_before_the_request_was_written_may_run_again(CallFailure failure) {
        assertThat(failure.retryable())
                .isEqualTo(
                        switch (failure) {
                            case CONNECT_FAILED, STORE_UNAVAILABLE, RECIPIENT_LIMIT -> Retryable.YES;
                            case REFUSED, COUNTRY_NOT_ALLOWED, CANCELED -> Retryable.NO;
                            default -> Retryable.UNKNOWN;
                        });
    }

    @Test
    void words_are_found_again_and_others_refused() {
        for (Node node : Node.values()) {
            assertThat(Node.of(node.label())).isEqualTo(node);
        }
        for (Source source : Source.values()) {
            assertThat(Source.of(source.word())).isEqualTo(source);
        }
        for (Retryable retryable : Retryable.values()) {
            assertThat(Retryable.of(retryable.word())).isEqualTo(retryable);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Node.of("FINAL"));
        assertThatIllegalArgumentException().isThrownBy(() -> Source.of("Send"));
        assertThatIllegalArgumentException().isThrownBy(() -> Retryable.of("maybe"));
    }
}
