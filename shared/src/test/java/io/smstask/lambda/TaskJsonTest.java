package io.smstask.lambda;

import static io.smstask.task.Samples.CONTEXT;
import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.TOKEN;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.reportedWithCode;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.json.Json;
import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.MessageStatus;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Samples;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Task;
import io.smstask.twilio.CallbackKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TaskJsonTest {

    @Test
    void a_task_that_failed_shows_every_field_in_the_contracts_order() {
        StatusReport answer = new StatusReport(
                SID,
                new MessageStatus("queued"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1),
                Source.SEND,
                NOW.plusMillis(880));
        Task queued = answer.appliedTo(task());
        Task failed = reportedWithCode("undelivered", "30005").appliedTo(queued);

        assertThat(Json.writeText(TaskJson.of(failed))).isEqualTo("""
                        {"task_id":"order-4711",\
                        "sid":"SM00000000000000000000000000000001",\
                        "node":"Escalation",\
                        "status":"undelivered",\
                        "AccountSid":"AC00000000000000000000000000000001",\
                        "number_to":"+15558675310",\
                        "number_from":"+15005550006",\
                        "body":"Your order is on its way. ✓",\
                        "MediaUrl":["https://example.com/1.png","https://example.com/2.png"],\
                        "ValidityPeriod":"3600",\
                        "code":"30005",\
                        "message":"The number is unknown to the carrier: it may no longer exist.",\
                        "url_more_info":"https://www.twilio.com/docs/errors/30005",\
                        "retryable":"no",\
                        "reason":"permanent",\
                        "num_segments":1,\
                        "created_at":"2026-11-24T09:00:00.120Z",\
                        "updated_at":"2026-11-24T09:00:01.120Z",\
                        "history":[\
                        {"at":"2026-11-24T09:00:01.000Z","source":"send","status":"queued"},\
                        {"at":"2026-11-24T09:00:01.120Z","source":"callback","status":"undelivered","code":"30005"}],\
                        "context":{"order":4711,"price":1.50,"tags":["a",null]}}""");
    }

    @Test
    void what_a_task_does_not_have_is_absent() {
        Sms bare =
                new Sms(task().sms().account(), new PhoneNumber("7726"), Optional.empty(), Optional.empty(), Map.of());
        Task task = Task.claimed(TASK_ID, bare, task().claim(), NOW, NOW);

        assertThat(TaskJson.of(task).keySet())
                .containsExactly("task_id", "node", "AccountSid", "number_to", "created_at", "updated_at", "history");
        assertThat(TaskJson.of(task)).containsEntry("node", "Calling API").containsEntry("history", List.of());
    }

    @Test
    void a_call_error_has_no_page() {
        Task failed = task().escalated(callError(CallFailure.TIMEOUT), NOW);

        assertThat(TaskJson.of(failed))
                .containsEntry("code", "timeout")
                .containsEntry("message", "The call failed.")
                .containsEntry("retryable", "unknown")
                .containsEntry("reason", "unknown")
                .doesNotContainKey("url_more_info");
    }

    @Test
    void the_reason_is_no_personal_data_and_belongs_to_a_red_task_only() {
        Task failed = reportedWithCode("failed", "30007").appliedTo(task());
        Task delivered = reported("delivered").appliedTo(task());

        assertThat(TaskJson.withoutPersonalData(failed))
                .containsEntry("reason", "blocked")
                .doesNotContainKey("message");
        assertThat(TaskJson.of(delivered)).doesNotContainKey("reason");
    }

    @Test
    void a_note_is_shown() {
        Task sent = reported("sent").appliedTo(task());
        Task late = reported("queued").appliedTo(sent);

        assertThat(Json.writeText(TaskJson.of(late))).contains("\"status\":\"queued\",\"note\":\"late\"}");
    }

    @Test
    void neither_secret_nor_claim_nor_proof_is_in_it() {
        CallbackKey key = CallbackKey.random(new SecureRandom());
        CallbackProof.SealedToken sealed = key.seal(TOKEN, TASK_ID, new SecureRandom());
        CallbackProof.KeyHash hash = key.hash();
        for (CallbackProof proof : List.of(sealed, hash)) {
            Claim claim = new Claim("claim-private", 3, NOW, "https://callbacks.example.com", proof);
            Task task = Task.claimed(TASK_ID, task().sms(), claim, NOW, NOW).withContext(CONTEXT);

            assertThat(Json.writeText(TaskJson.of(task)))
                    .doesNotContain(
                            "claim-private",
                            "callbacks.example.com",
                            key.reveal(),
                            TOKEN.reveal(),
                            sealed.text(),
                            hash.text(),
                            task.fingerprint().hash());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T09:00:00Z,2026-11-24T09:00:00.000Z",
        "2026-11-24T09:00:00.1Z,2026-11-24T09:00:00.100Z",
        "2026-11-24T09:00:00.123456789Z,2026-11-24T09:00:00.123Z",
        "2026-11-24T23:59:59.999999Z,2026-11-24T23:59:59.999Z"
    })
    void a_time_always_has_milliseconds(String instant, String text) {
        assertThat(TaskJson.time(Instant.parse(instant))).isEqualTo(text);
    }

    @Test
    void an_error_is_a_code_and_a_message() {
        assertThat(Json.writeText(TaskJson.error("not_found", "There is no such task.")))
                .isEqualTo("{\"code\":\"not_found\",\"message\":\"There is no such task.\"}");
    }

    @Test
    void an_erased_task_shows_its_id_its_end_and_that_it_was_erased() {
        Task delivered = Samples.withStatus("delivered").erased(NOW);
        Task failed =
                Samples.reportedWithCode("failed", "30003").appliedTo(task()).erased(NOW);

        assertThat(Json.writeText(TaskJson.of(delivered)))
                .isEqualTo("{\"task_id\":\"order-4711\",\"node\":\"Final\",\"erased\":true}");
        assertThat(Json.writeText(TaskJson.withoutPersonalData(failed)))
                .isEqualTo("{\"task_id\":\"order-4711\",\"node\":\"Escalation\",\"code\":\"30003\","
                        + "\"retryable\":\"no\",\"erased\":true}");
    }

    @Test
    void a_task_without_its_text_shows_how_long_it_was() {
        assertThat(TaskJson.of(Samples.withStatus("delivered").withoutTextsIfDone()))
                .containsEntry("body_length", 27)
                .doesNotContainKeys("body", "context", "MediaUrl")
                .containsKeys("number_to", "ValidityPeriod");
    }
}
