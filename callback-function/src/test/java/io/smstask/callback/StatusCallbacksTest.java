package io.smstask.callback;

import static io.smstask.callback.ACallback.aCallback;
import static io.smstask.callback.CallbackStage.ID;
import static io.smstask.callback.CallbackStage.KEY;
import static io.smstask.callback.CallbackStage.OTHER_SID;
import static io.smstask.callback.CallbackStage.SID;
import static io.smstask.callback.CallbackStage.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.lambda.HttpRequest;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.HistoryEntry;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Node;
import io.smstask.task.RecordStatus;
import io.smstask.task.Recorder;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a request to a moved task: who is believed, what is written, and what it costs. */
final class StatusCallbacksTest {

    private final CallbackStage stage = CallbackStage.withTask();

    /** What a genuine callback does to its task. */
    @Nested
    class Genuine {

        @ParameterizedTest
        @CsvSource({
            "accepted,    Waiting for Callback, ''",
            "scheduled,   Waiting for Callback, ''",
            "queued,      Waiting for Callback, ''",
            "sending,     Waiting for Callback, ''",
            "sent,        Waiting for Callback, ''",
            "delivered,   Final,                ''",
            "read,        Final,                ''",
            "undelivered, Escalation,           undelivered",
            "failed,      Escalation,           failed",
            "canceled,    Escalation,           canceled"
        })
        void incident_1_a_status_that_comes_before_the_sender_has_recorded_brings_the_sid(
                String status, String node, String code) {
            assertThat(stage.receive(aCallback(status))).isEqualTo(Receipt.APPLIED);

            assertThat(stage.stored().sid()).contains(new MessageSid(SID));
            assertThat(stage.stored().node().label()).isEqualTo(node);
            assertThat(stage.status()).isEqualTo(status);
            assertThat(stage.code()).isEqualTo(code);
            assertThat(stage.store.calls()).containsExactly(Call.FIND, Call.WRITE);
        }

        @Test
        void a_status_is_written_down_with_its_time_and_source() {
            stage.clock.move(Duration.ofNanos(2_500_000_000L));

            stage.receive(aCallback("sent"));

            HistoryEntry entry = stage.stored().history().get(0);
            assertThat(entry.at()).isEqualTo(HandClock.START.plusMillis(2500));
            assertThat(entry.source().word()).isEqualTo("callback");
            assertThat(entry.status()).contains("sent");
            assertThat(stage.stored().updatedAt()).isEqualTo(entry.at());
        }

        @ParameterizedTest
        @CsvSource({
            "delivered, sent",
            "delivered, queued",
            "undelivered, sending",
            "failed, sent",
            "read, sent",
            "sent, sending",
            "sending, queued",
            "queued, accepted"
        })
        void incident_3_a_late_status_is_noted_and_moves_nothing(String stored, String late) {
            stage.receive(aCallback(stored));
            Node node = stage.stored().node();

            assertThat(stage.receive(aCallback(late))).isEqualTo(Receipt.NOTED);

            assertThat(stage.status()).isEqualTo(stored);
            assertThat(stage.stored().node()).isEqualTo(node);
            assertThat(notes()).containsExactly("", "late");
        }

        @ParameterizedTest
        @CsvSource({
            "delivered, undelivered",
            "undelivered, delivered",
            "failed, delivered",
            "canceled, failed",
            "undelivered, read",
            "read, failed"
        })
        void between_two_finals_the_first_wins(String first, String second) {
            stage.receive(aCallback(first));

            assertThat(stage.receive(aCallback(second))).isEqualTo(Receipt.NOTED);

            assertThat(stage.status()).isEqualTo(first);
            assertThat(notes()).containsExactly("", "conflict");
        }

        @Test
        void read_replaces_delivered() {
            stage.receive(aCallback("delivered"));

            assertThat(stage.receive(aCallback("read"))).isEqualTo(Receipt.APPLIED);

            assertThat(stage.status()).isEqualTo("read");
            assertThat(stage.stored().node()).isEqualTo(Node.FINAL);
        }

        @Test
        void incident_5_a_status_counts_from_every_state_of_the_task() {
            CallbackStage claimed = stage;
            CallbackStage recorded = CallbackStage.withTask().recorded("queued");
            CallbackStage ahead = CallbackStage.withTask().recorded("sending");
            CallbackStage unknown = CallbackStage.withTask().recordedUnknown(CallFailure.TIMEOUT);
            CallbackStage expired = CallbackStage.withTask();
            expired.clock.move(Duration.ofHours(1));

            for (CallbackStage each : List.of(claimed, recorded, ahead, unknown, expired)) {
                assertThat(each.receive(aCallback("sent"))).isEqualTo(Receipt.APPLIED);
                assertThat(each.status()).isEqualTo("sent");
                assertThat(each.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
            }
        }

        @ParameterizedTest
        @EnumSource(
                names = {
                    "TIMEOUT",
                    "CONNECTION_LOST",
                    "BAD_ANSWER",
                    "REFUSED",
                    "SERVER_ERROR",
                    "STATUS_MISSING",
                    "OUTCOME_UNKNOWN"
                })
        void a_callback_heals_an_unknown_outcome(CallFailure failure) {
            stage.recordedUnknown(failure);

            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);

            assertThat(stage.stored().node()).isEqualTo(Node.FINAL);
            assertThat(stage.stored().sid()).contains(new MessageSid(SID));
            assertThat(stage.code()).isEmpty();
            assertThat(notes()).containsExactly("", "healed");
        }

        @Test
        void incident_6_a_repeated_status_is_noted_once_and_later_ones_still_count() {
            for (int i = 0; i < 3; i++) {
                stage.receive(aCallback("queued"));
            }
            assertThat(stage.receive(aCallback("sent"))).isEqualTo(Receipt.APPLIED);
            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);
            for (int i = 0; i < 3; i++) {
                assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.NOTED);
            }

            assertThat(stage.status()).isEqualTo("delivered");
            assertThat(notes()).containsExactly("", "duplicate", "", "", "duplicate");
        }

        @ParameterizedTest
        @ValueSource(strings = {"partially_delivered", "brand_new", "received", "brand-new"})
        void incident_7_an_unknown_word_is_noted_and_brings_the_sid(String word) {
            assertThat(stage.receive(aCallback(word))).isIn(Receipt.APPLIED, Receipt.NOTED);

            assertThat(stage.stored().sid()).contains(new MessageSid(SID));
            assertThat(stage.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
            assertThat(notes()).containsExactly("unknown_status");
            assertThat(stage.receive(aCallback("queued"))).isEqualTo(Receipt.APPLIED);
            assertThat(stage.status()).isEqualTo("queued");
        }

        @Test
        void incident_7_an_unknown_word_does_not_replace_a_known_one() {
            stage.recorded("sent");

            assertThat(stage.receive(aCallback("brand_new"))).isEqualTo(Receipt.NOTED);

            assertThat(stage.status()).isEqualTo("sent");
            assertThat(notes()).containsExactly("", "unknown_status");
        }

        @ParameterizedTest
        @ValueSource(strings = {"queued", "sent"})
        void an_unknown_word_that_comes_again_and_again_after_the_end_of_the_wait_is_told_to_nobody(String status) {
            CallbackStage ended = CallbackStage.withTask().withEvent().recorded(status);
            ended.clock.move(Duration.ofHours(25));
            ended.ended();
            Node node = ended.stored().node();

            for (int i = 0; i < 5; i++) {
                assertThat(ended.receive(aCallback("brand_new"))).isEqualTo(Receipt.NOTED);
            }

            assertThat(ended.stored().node()).isEqualTo(node);
            assertThat(ended.stored().pollAt()).isEmpty();
            assertThat(ended.events).containsExactly(status);
            assertThat(ended.notes().subList(2, 4)).containsExactly("unknown_status", "duplicate");
            assertThat(ended.notes()).hasSize(4);
        }

        @Test
        void an_unknown_word_brings_the_sid_of_an_unknown_outcome_whose_time_is_over() {
            stage.recordedUnknown(CallFailure.TIMEOUT);
            stage.clock.move(Duration.ofHours(25));
            stage.ended();

            assertThat(stage.receive(aCallback("brand_new"))).isEqualTo(Receipt.NOTED);

            assertThat(stage.stored().sid()).contains(new MessageSid(SID));
            assertThat(stage.code()).isEqualTo("timeout");
            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void incident_8_the_error_stays_when_a_later_callback_has_none() {
            stage.receive(aCallback("undelivered").with("ErrorCode", "30008"));
            stage.receive(aCallback("undelivered"));
            stage.receive(aCallback("sent"));

            assertThat(stage.code()).isEqualTo("30008");
            assertThat(stage.stored().escalation().orElseThrow().urlMoreInfo())
                    .contains("https://www.twilio.com/docs/errors/30008");
        }

        @Test
        void incident_8_an_error_code_of_a_message_still_on_its_way_makes_no_escalation() {
            stage.receive(aCallback("sending").with("ErrorCode", "30008"));

            assertThat(stage.code()).isEmpty();
            stage.receive(aCallback("delivered").with("ErrorCode", "30008"));
            assertThat(stage.stored().node()).isEqualTo(Node.FINAL);
            assertThat(stage.code()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "0", "none", "-1", "30008a", "1234567890", "\u0663\u0660", "../../login"})
        void an_error_code_that_is_no_number_of_twilios_is_left_out(String errorCode) {
            stage.receive(aCallback("failed").with("ErrorCode", errorCode));

            assertThat(stage.code()).isEqualTo("failed");
            assertThat(stage.stored().escalation().orElseThrow().urlMoreInfo()).isEmpty();
        }

        @Test
        void a_blank_after_an_error_code_does_not_lose_it() {
            stage.receive(aCallback("failed").with("ErrorCode", "30008 "));

            assertThat(stage.code()).isEqualTo("30008");
            assertThat(stage.stored().history().get(0).code()).contains("30008");
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "90210", "123456789"})
        void an_error_code_has_up_to_nine_digits(String errorCode) {
            stage.receive(aCallback("failed").with("ErrorCode", errorCode));

            assertThat(stage.code()).isEqualTo(errorCode);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        30003 | Out of range | ``           | The phone could not be reached: it was off, or had no signal. Twilio says: Out of range
                        30003 | ``           | ``           | The phone could not be reached: it was off, or had no signal.
                        63016 | ``           | Re-engage    | The recipient has not written for 24 hours: on this channel only an approved template may be sent. Twilio says: Re-engage
                        39999 | Odd.         | Very odd.    | Twilio reported the message as failed with error 39999. Twilio says: Odd. Very odd.
                        39999 | Odd.         | Odd.         | Twilio reported the message as failed with error 39999. Twilio says: Odd.
                        ``    | Odd.         | ``           | Twilio reported the message as failed. Twilio says: Odd.
                        """)
        void a_failure_is_told_in_our_words_and_twilios(String code, String twilios, String channels, String message) {
            stage.receive(aCallback("failed")
                    .with("ErrorCode", code)
                    .with("ErrorMessage", twilios)
                    .with("ChannelStatusMessage", channels));

            assertThat(stage.stored().escalation().orElseThrow().message()).isEqualTo(message);
        }

        @Test
        void secrets_in_twilios_words_are_masked_and_control_characters_are_blanks() {
            String basic = Base64.getEncoder().encodeToString((CallbackStage.ACCOUNT + ":" + TOKEN).getBytes(UTF_8));
            CallbackStage own = CallbackStage.withTaskOfTheStack(CallbackStage.secret(TOKEN));

            for (CallbackStage each : List.of(stage, own)) {
                each.receive(aCallback("failed")
                        .with("ErrorMessage", "URL /nvp/callback/" + KEY + "/" + ID + "\n" + TOKEN)
                        .with("ChannelStatusMessage", "Basic " + basic + "\u0000" + "x".repeat(2000)));

                assertThat(each.stored().escalation().orElseThrow().message())
                        .startsWith("Twilio reported the message as failed. Twilio says:" + " URL /nvp/callback/***/"
                                + ID + " *** Basic *** xxx")
                        .hasSizeLessThan(1100)
                        .endsWith("xxx\u2026");
            }
        }

        @Test
        void the_words_of_a_message_still_on_its_way_are_not_kept() {
            stage.receive(aCallback("sent").with("ErrorMessage", "Odd."));

            assertThat(stage.stored().escalation()).isEmpty();
        }

        @Test
        void incident_15_undelivered_is_final() {
            stage.recorded("sent");

            stage.receive(aCallback("undelivered").with("ErrorCode", "30003"));

            assertThat(stage.stored().node()).isEqualTo(Node.ESCALATION);
            assertThat(stage.stored().isHardFinal()).isTrue();
            assertThat(stage.code()).isEqualTo("30003");
        }

        @Test
        void incident_10_blank_and_unknown_fields_are_signed_and_do_no_harm() {
            assertThat(stage.receive(aCallback("sent")
                            .with("ErrorCode", "")
                            .with("ErrorMessage", "")
                            .with("CarrierNote", "d\u00e9j\u00e0 vu + 100 %")))
                    .isEqualTo(Receipt.APPLIED);
        }

        @Test
        void a_final_status_finds_room_in_a_full_history() {
            for (int i = 0; i < 60; i++) {
                stage.receive(aCallback(word(i)));
            }
            assertThat(stage.stored().history()).hasSize(45);

            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);

            assertThat(stage.status()).isEqualTo("delivered");
            assertThat(stage.stored().history()).hasSize(46);
        }
    }

    /** Another writer moves the task between the read and the write. */
    @Nested
    class Lost_races {

        @Test
        void incident_4_of_two_callbacks_at_once_none_is_lost() {
            stage.recorded("queued");
            stage.store.before(Call.WRITE, () -> stage.receive(aCallback("sent")));

            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);

            assertThat(stage.status()).isEqualTo("delivered");
            assertThat(stage.stored().history()).hasSize(3);
        }

        @Test
        void incident_4_the_slower_of_two_does_not_undo_the_faster() {
            stage.recorded("queued");
            stage.store.before(Call.WRITE, () -> elsewhere("delivered"));

            assertThat(stage.receive(aCallback("sent"))).isEqualTo(Receipt.NOTED);

            assertThat(stage.status()).isEqualTo("delivered");
            assertThat(notes()).containsExactly("", "", "late");
            assertThat(stage.store.calls()).containsExactly(Call.FIND, Call.WRITE, Call.WRITE);
        }

        @Test
        void incident_2_the_senders_record_meanwhile_changes_nothing_for_the_callback() {
            stage.store.before(Call.WRITE, () -> stage.recorded("queued"));

            assertThat(stage.receive(aCallback("sent"))).isEqualTo(Receipt.APPLIED);

            assertThat(stage.status()).isEqualTo("sent");
            assertThat(stage.stored().history()).hasSize(2);
        }

        @Test
        void a_remark_that_loses_three_times_is_written_at_the_fourth_try() {
            stage.recorded("sent");
            for (String faster : List.of("sending", "accepted", "scheduled")) {
                stage.store.before(Call.WRITE, () -> elsewhere(faster));
            }

            assertThat(stage.receive(aCallback("queued"))).isEqualTo(Receipt.NOTED);

            assertThat(stage.store.calls()).containsExactly(Call.FIND, Call.WRITE, Call.WRITE, Call.WRITE, Call.WRITE);
            assertThat(notes()).containsExactly("", "late", "late", "late", "late");
        }

        @Test
        void a_remark_that_loses_until_the_time_for_writing_is_over_is_let_go() {
            stage.recorded("sent");
            stage.store.before(Call.WRITE, () -> elsewhere("sending"));
            stage.store.before(Call.WRITE, () -> elsewhere("accepted", RecordStatus.LATEST_TRY));

            assertThat(stage.receive(aCallback("queued"))).isEqualTo(Receipt.NOTED);

            assertThat(stage.store.calls()).containsExactly(Call.FIND, Call.WRITE, Call.WRITE);
            assertThat(stage.status()).isEqualTo("sent");
        }

        @Test
        void incident_13_a_status_that_loses_until_the_time_for_writing_is_over_is_asked_for_again() {
            stage.recorded("sent");
            stage.store.before(
                    Call.WRITE, () -> stage.waitedForBy("execution").clock.move(RecordStatus.LATEST_TRY));

            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.UNAVAILABLE);

            assertThat(stage.status()).isEqualTo("sent");
            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void a_status_that_loses_without_end_is_not_tried_without_end() {
            for (int i = 0; i < Recorder.TRIES; i++) {
                String faster = word(i);
                stage.store.before(Call.WRITE, () -> elsewhere(faster));
            }
            stage.recorded("accepted");

            assertThat(stage.receive(aCallback("brand_new"))).isEqualTo(Receipt.NOTED);

            assertThat(stage.store.calls()).hasSize(1 + Recorder.TRIES);
        }

        @Test
        void a_status_that_finds_the_last_place_in_the_history_taken_still_counts() {
            for (int i = 0; i < 44; i++) {
                stage.receive(aCallback(word(i)));
            }
            stage.store.before(Call.WRITE, () -> elsewhere(word(44)));

            assertThat(stage.receive(aCallback("sent"))).isEqualTo(Receipt.APPLIED);

            assertThat(stage.status()).isEqualTo("sent");
            assertThat(stage.stored().history()).hasSize(45);
        }

        @Test
        void incident_9_a_task_that_is_gone_meanwhile_is_not_made_anew() {
            stage.store.before(Call.WRITE, stage.store::forgetAll);

            assertThat(stage.receive(aCallback("sent"))).isEqualTo(Receipt.NO_SUCH_TASK);

            assertThat(stage.hasTask()).isFalse();
        }

        @Test
        void the_same_callback_twice_at_once_is_noted_twice_at_most() {
            stage.store.before(Call.WRITE, () -> elsewhere("sent"));

            assertThat(stage.receive(aCallback("sent"))).isIn(Receipt.APPLIED, Receipt.NOTED);

            assertThat(stage.stored().history()).hasSizeLessThanOrEqualTo(2);
            assertThat(stage.status()).isEqualTo("sent");
        }

        /** Another instance of the function takes a callback, and this one gets its answer so much later. */
        private void elsewhere(String status, Duration later) {
            elsewhere(status);
            stage.clock.move(later);
        }

        /** Another instance of the function takes a callback. */
        private void elsewhere(String status) {
            Task task = stage.stored();
            StatusReport report = new StatusReport(
                    new MessageSid(SID),
                    new MessageStatus(status),
                    Optional.empty(),
                    Optional.empty(),
                    Source.CALLBACK,
                    stage.clock.instant());
            stage.store.undisturbed().replace(task, report.appliedTo(task));
        }
    }

    /** Signed, but not this task's. */
    @Nested
    class Not_this_tasks {

        @Test
        void another_account_is_refused_and_not_noted() {
            Task before = stage.stored();

            assertThat(stage.receive(aCallback("delivered").with("AccountSid", "AC" + "2".repeat(32))))
                    .isEqualTo(Receipt.OTHER_ACCOUNT);
            assertThat(stage.receive(aCallback("delivered").without("AccountSid")))
                    .isEqualTo(Receipt.OTHER_ACCOUNT);

            assertThat(stage.stored()).isEqualTo(before);
            assertThat(stage.store.calls()).doesNotContain(Call.WRITE);
        }

        @Test
        void another_sid_is_refused_and_noted_once() {
            stage.recorded("queued");

            for (int i = 0; i < 3; i++) {
                assertThat(stage.receive(aCallback("delivered").with("MessageSid", OTHER_SID)))
                        .isEqualTo(Receipt.OTHER_SID);
            }

            assertThat(stage.status()).isEqualTo("queued");
            assertThat(stage.stored().sid()).contains(new MessageSid(SID));
            assertThat(notes()).containsExactly("", "conflict");
            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void another_sid_that_was_faster_than_this_one_wins_and_this_one_is_a_conflict() {
            stage.store.before(
                    Call.WRITE, () -> stage.receive(aCallback("queued").with("MessageSid", OTHER_SID)));

            assertThat(stage.receive(aCallback("sent"))).isEqualTo(Receipt.OTHER_SID);

            assertThat(stage.stored().sid()).contains(new MessageSid(OTHER_SID));
            assertThat(notes()).containsExactly("", "conflict");
        }
    }

    /** What nobody can prove to be Twilio's. */
    @Nested
    class Not_genuine {

        @Test
        void a_wrong_token_is_forged() {
            assertNotSigned(aCallback("delivered").signedWith("f".repeat(32)).request(), Receipt.FORGED);
        }

        @Test
        void incident_14_without_a_signature_the_task_is_read_and_no_secret() {
            CallbackStage own = CallbackStage.withTaskOfTheStack(CallbackStage.secret(TOKEN));

            assertNotSigned(aCallback("delivered").unsigned(), Receipt.UNSIGNED);
            assertThat(own.receive(aCallback("delivered").unsigned())).isEqualTo(Receipt.UNSIGNED);

            assertThat(own.secretReads()).isZero();
            assertThat(own.store.calls()).containsExactly(Call.FIND);
        }

        @Test
        void without_a_signature_a_wrong_key_is_not_found() {
            assertRefused(
                    aCallback("delivered")
                            .to("/nvp/callback/" + "_".repeat(42) + "8/" + ID)
                            .unsigned(),
                    Receipt.NO_SUCH_TASK,
                    Call.FIND);
        }

        @Test
        void a_field_changed_on_the_way_is_forged() {
            String signature =
                    aCallback("sent").request().header("x-twilio-signature").orElseThrow();
            HttpRequest changed = aCallback("delivered")
                    .withHeader("x-twilio-signature", signature)
                    .unsigned();

            assertNotSigned(changed, Receipt.FORGED);
        }

        @Test
        void a_signature_for_another_url_is_forged() {
            assertNotSigned(
                    aCallback("delivered")
                            .signedFor("https://elsewhere.example.com")
                            .request(),
                    Receipt.FORGED);
            assertNotSigned(
                    aCallback("delivered")
                            .signedFor("http://callbacks.example.com")
                            .request(),
                    Receipt.FORGED);
        }

        @Test
        void incident_12_host_and_forwarding_headers_do_not_count() {
            assertNotSigned(
                    aCallback("delivered")
                            .signedFor("https://attacker.example.com")
                            .withHeader("host", "attacker.example.com")
                            .withHeader("x-forwarded-host", "attacker.example.com")
                            .withHeader("x-forwarded-proto", "https")
                            .withHeader("x-original-host", "attacker.example.com")
                            .request(),
                    Receipt.FORGED);
            assertThat(stage.receive(aCallback("delivered")
                            .withHeader("host", "10.0.0.7:8080")
                            .withHeader("x-forwarded-proto", "http")))
                    .isEqualTo(Receipt.APPLIED);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"https://callbacks.example.com/prod", "https://other.example.com", "http://127.0.0.1:8081"})
        void incident_11_the_signature_is_over_the_base_of_the_claim(String base) {
            CallbackStage elsewhere = CallbackStage.withTask(base);

            assertThat(elsewhere.receive(aCallback("sent"))).isEqualTo(Receipt.FORGED);
            assertThat(elsewhere.receive(aCallback("sent").signedFor(base))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void the_key_of_one_task_does_not_open_another() {
            assertRefused(
                    aCallback("delivered")
                            .to("/nvp/callback/" + KEY + "/order-4712")
                            .request(),
                    Receipt.NO_SUCH_TASK,
                    Call.FIND);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/nvp/callback/" + KEY + "/",
                    "/nvp/callback/" + KEY,
                    "/nvp/callback//" + ID,
                    "/json/callback/" + KEY + "/" + ID,
                    "/nvp/callbacks/" + KEY + "/" + ID,
                    "/nvp/callback/" + KEY + "=/" + ID,
                    "/nvp/callback/" + KEY + "/order%2D4711",
                    "/nvp/callback/short/" + ID,
                    "/nvp/callback/" + KEY + "/" + ID + "/more",
                    "/",
                    ""
                })
        void a_path_that_is_not_ours_is_not_found(String path) {
            assertRefused(aCallback("delivered").to(path).request(), Receipt.NO_SUCH_TASK);
        }

        @Test
        void the_last_bits_of_a_key_count() {
            // The last of 43 characters holds two bits that decode to nothing.
            String sameBytes = KEY.substring(0, 42) + "9";

            assertRefused(
                    aCallback("delivered")
                            .to("/nvp/callback/" + sameBytes + "/" + ID)
                            .request(),
                    Receipt.NO_SUCH_TASK);
        }

        @Test
        void only_a_post_is_a_callback() {
            HttpRequest post = aCallback("delivered").request();

            assertRefused(new HttpRequest("GET", post.path(), post.headers(), post.body()), Receipt.NO_SUCH_TASK);
        }

        @ParameterizedTest
        @CsvSource({
            "MessageSid, ''",
            "MessageStatus, ''",
            "MessageStatus, a-text-of-more-than-thirty-two-characters",
            "MessageStatus, DELIVERED",
            "MessageStatus, {{status}}",
            "MessageStatus, <script>",
            "MessageStatus, sent1",
            "MessageStatus, ' sent'",
            "MessageStatus, \uff53\uff45\uff4e\uff54",
            "MessageStatus, sentSmsSidSM00000000000000000000000000000001",
            "MessageSid, SM1",
            "MessageSid, CA00000000000000000000000000000001"
        })
        void a_callback_without_sid_or_status_is_not_one(String field, String value) {
            assertRefused(aCallback("delivered").with(field, value).request(), Receipt.NOT_PARSABLE);
            assertRefused(aCallback("delivered").without(field).request(), Receipt.NOT_PARSABLE);
        }

        @Test
        void more_than_64_kb_are_not_looked_at() {
            assertRefused(aCallback("delivered").with("Note", "x".repeat(65536)).request(), Receipt.TOO_LARGE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data", ""})
        void what_does_not_call_itself_a_form_is_none(String contentType) {
            assertRefused(
                    aCallback("delivered")
                            .withHeader("content-type", contentType)
                            .request(),
                    Receipt.NOT_A_FORM);
        }

        /** The key is the task's: the task and its account may be named, and one read is all that it costs. */
        private void assertNotSigned(HttpRequest request, Receipt receipt) {
            var received = refused(request, receipt, Call.FIND);

            assertThat(received.task()).contains(new TaskId(ID));
            assertThat(received.account()).contains(new AccountSid(CallbackStage.ACCOUNT));
        }

        private void assertRefused(HttpRequest request, Receipt receipt, Call... calls) {
            var received = refused(request, receipt, calls);

            assertThat(received.task()).isEmpty();
            assertThat(received.account()).isEmpty();
        }

        /** Nothing is written before the signature holds; what is not even a callback costs no read. */
        private StatusCallbacks.Received refused(HttpRequest request, Receipt receipt, Call... calls) {
            Task before = stage.stored();
            int earlier = stage.store.calls().size();

            var received = stage.received(request);

            assertThat(received.receipt()).isEqualTo(receipt);
            assertThat(received.report()).isEmpty();
            assertThat(stage.stored()).isEqualTo(before);
            assertThat(stage.store.calls().subList(earlier, stage.store.calls().size()))
                    .containsExactly(calls);
            return received;
        }
    }

    /** The caller's own account has two tokens, and Twilio signs with the other one. */
    @Nested
    class A_second_token_for_signatures {

        private static final String PRIMARY = "f".repeat(32);

        private final CallbackStage own = CallbackStage.withTaskSignedAlsoWith(PRIMARY);

        @Test
        void either_token_verifies() {
            assertThat(own.receive(aCallback("sent").signedWith(PRIMARY))).isEqualTo(Receipt.APPLIED);
            assertThat(own.receive(aCallback("delivered").signedWith(TOKEN))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void no_third_one_does() {
            assertThat(own.receive(aCallback("sent").signedWith("e".repeat(32))))
                    .isEqualTo(Receipt.FORGED);
            assertThat(own.receive(aCallback("sent").to("/nvp/callback/" + "_".repeat(42) + "8/" + ID)))
                    .isEqualTo(Receipt.NO_SUCH_TASK);
        }

        @Test
        void without_it_only_the_token_that_sends_verifies() {
            assertThat(stage.receive(aCallback("sent").signedWith(PRIMARY))).isEqualTo(Receipt.FORGED);
        }
    }

    /** The task's account is the stack's: its secret's tokens sign. */
    @Nested
    class The_stacks_credentials {

        private static final String ROTATED = "f".repeat(32);

        private final CallbackStage own = CallbackStage.withTaskOfTheStack(CallbackStage.secret(TOKEN));

        @Test
        void the_secrets_token_verifies_and_is_read_once() {
            assertThat(own.receive(aCallback("sent"))).isEqualTo(Receipt.APPLIED);
            assertThat(own.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);

            assertThat(own.secretReads()).isEqualTo(1);
        }

        @Test
        void a_wrong_key_is_not_found_and_reads_no_secret() {
            assertThat(own.receive(aCallback("sent").to("/nvp/callback/" + "_".repeat(42) + "8/" + ID)))
                    .isEqualTo(Receipt.NO_SUCH_TASK);

            assertThat(own.secretReads()).isZero();
        }

        @Test
        void the_token_before_a_rotation_verifies_too() {
            own.secretBecomes("{\"AccountSid\":\"" + CallbackStage.ACCOUNT + "\",\"AuthToken\":\"" + ROTATED
                    + "\",\"PreviousAuthToken\":\"" + TOKEN + "\"}");

            assertThat(own.receive(aCallback("sent"))).isEqualTo(Receipt.APPLIED);
            assertThat(own.receive(aCallback("delivered").signedWith(ROTATED))).isEqualTo(Receipt.APPLIED);
            assertThat(own.secretReads()).isEqualTo(1);
        }

        @Test
        void a_rotation_is_noticed_by_the_first_mismatch() {
            own.receive(aCallback("sent"));
            own.secretBecomes(CallbackStage.secret(ROTATED));
            own.clock.move(Duration.ofSeconds(10));

            assertThat(own.receive(aCallback("delivered").signedWith(ROTATED))).isEqualTo(Receipt.APPLIED);

            assertThat(own.secretReads()).isEqualTo(2);
        }

        @Test
        void forged_callbacks_read_the_secret_every_ten_seconds_at_most() {
            own.receive(aCallback("queued"));
            for (int second = 0; second < 20; second++) {
                own.clock.move(Duration.ofSeconds(1));
                assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(Receipt.FORGED);
            }

            assertThat(own.secretReads()).isEqualTo(3);
            assertThat(own.status()).isEqualTo("queued");
        }

        @Test
        void one_callback_reads_the_secret_once_at_most() {
            own.timeToReadSecret = CallbackWiring.SECRET_LIMIT;

            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(Receipt.FORGED);
            assertThat(own.secretReads()).isEqualTo(1);

            own.clock.move(Duration.ofSeconds(11));
            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(Receipt.FORGED);
            assertThat(own.secretReads()).isEqualTo(2);
        }

        @Test
        void an_api_keys_secret_never_signs() {
            own.secretBecomes("{\"AccountSid\":\"" + CallbackStage.ACCOUNT + "\",\"AuthToken\":\"" + TOKEN
                    + "\",\"ApiKeySid\":\"SK1\",\"ApiKeySecret\":\"" + ROTATED + "\"}");

            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(Receipt.FORGED);
        }

        @Test
        void a_secret_that_cannot_be_read_is_an_outage_and_no_forgery() {
            own.secretCannotBeRead();

            assertThat(own.receive(aCallback("sent"))).isEqualTo(Receipt.UNAVAILABLE);

            assertThat(own.store.calls()).containsExactly(Call.FIND);
        }

        @Test
        void a_secret_that_cannot_be_read_again_is_an_outage_too() {
            own.receive(aCallback("queued"));
            own.clock.move(Duration.ofSeconds(10));
            own.secretCannotBeRead();

            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(Receipt.UNAVAILABLE);
            assertThat(own.receive(aCallback("sent"))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void a_secret_that_is_gone_or_another_accounts_is_an_outage() {
            own.secretBecomes(null);
            assertThat(own.receive(aCallback("sent"))).isEqualTo(Receipt.UNAVAILABLE);

            own.secretBecomes(CallbackStage.secret(TOKEN).replace("AC0", "AC1"));
            assertThat(own.receive(aCallback("sent"))).isEqualTo(Receipt.UNAVAILABLE);
        }
    }

    @Nested
    class Without_the_store {

        @Test
        void incident_13_a_task_that_cannot_be_read_is_asked_for_again() {
            stage.store.failOnce(Call.FIND);

            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.UNAVAILABLE);
            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void incident_13_a_status_that_cannot_be_written_is_asked_for_again() {
            stage.store.failOnce(Call.WRITE);

            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.UNAVAILABLE);
            assertThat(stage.status()).isEmpty();
            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.APPLIED);
        }

        @Test
        void incident_16_of_a_thousand_receipts_none_is_thrown_away_while_the_store_is_overrun() {
            CallbackStage own = CallbackStage.withTaskOfTheStack(CallbackStage.secret(TOKEN));
            List<ACallback> receipts = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                TaskId id = own.alsoHas("receipt-" + i, own.clock.instant());
                own.store.failOnce(i % 2 == 0 ? Call.FIND : Call.WRITE);
                receipts.add(aCallback("delivered").to("/nvp/callback/" + CallbackStage.KEY + "/" + id));
            }

            // Twilio repeats what is not answered with success, as the URL asks it to.
            List<ACallback> repeated = receipts.stream()
                    .filter(receipt -> own.receive(receipt) == Receipt.UNAVAILABLE)
                    .toList();

            assertThat(repeated).hasSizeGreaterThan(900);
            assertThat(repeated.stream().map(own::receive)).containsOnly(Receipt.APPLIED);
            assertThat(own.store.undisturbed().toPoll(Instant.MAX, 2000)).hasSize(1);
        }

        @Test
        void a_task_that_never_was_costs_one_read() {
            stage.store.forgetAll();

            assertThat(stage.receive(aCallback("delivered"))).isEqualTo(Receipt.NO_SUCH_TASK);

            assertThat(stage.store.calls()).containsExactly(Call.FIND);
            assertThat(stage.hasTask()).isFalse();
        }
    }

    private List<String> notes() {
        return stage.notes();
    }

    /** One of many words that no version of this project knows. */
    private static String word(int number) {
        return "word_" + (char) ('a' + number / 26) + (char) ('a' + number % 26);
    }
}
