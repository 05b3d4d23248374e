package io.smstask.callback;

import static io.smstask.callback.CallbackFixture.ID;
import static io.smstask.callback.CallbackFixture.KEY;
import static io.smstask.callback.CallbackFixture.OTHER_SID;
import static io.smstask.callback.CallbackFixture.SID;
import static io.smstask.callback.CallbackFixture.TOKEN;
import static io.smstask.callback.SampleCallback.aCallback;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.lambda.HttpRequest;
import io.smstask.task.CallFailure;
import io.smstask.task.HistoryEntry;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Node;
import io.smstask.task.PollKind;
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

/** From a request to a moved task: which callbacks count, what is written, and how many calls it costs. */
final class StatusCallbacksTest {

    private final CallbackFixture fixture = CallbackFixture.withTask();

    /** Twilio signed it for this task. */
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
            assertThat(fixture.receive(aCallback(status))).isEqualTo(CallbackReply.APPLIED);

            assertThat(fixture.stored().sid()).contains(new MessageSid(SID));
            assertThat(fixture.stored().node().label()).isEqualTo(node);
            assertThat(fixture.status()).isEqualTo(status);
            assertThat(fixture.code()).isEqualTo(code);
            assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE);
        }

        @Test
        void a_status_is_written_down_with_its_time_and_source() {
            fixture.clock.move(Duration.ofNanos(2_500_000_000L));

            fixture.receive(aCallback("sent"));

            HistoryEntry entry = fixture.stored().history().get(0);
            assertThat(entry.at()).isEqualTo(HandClock.START.plusMillis(2500));
            assertThat(entry.source().word()).isEqualTo("callback");
            assertThat(entry.status()).contains("sent");
            assertThat(fixture.stored().updatedAt()).isEqualTo(entry.at());
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
            fixture.receive(aCallback(stored));
            Node node = fixture.stored().node();

            assertThat(fixture.receive(aCallback(late))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.status()).isEqualTo(stored);
            assertThat(fixture.stored().node()).isEqualTo(node);
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
            fixture.receive(aCallback(first));

            assertThat(fixture.receive(aCallback(second))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.status()).isEqualTo(first);
            assertThat(notes()).containsExactly("", "conflict");
        }

        @Test
        void read_replaces_delivered() {
            fixture.receive(aCallback("delivered"));

            assertThat(fixture.receive(aCallback("read"))).isEqualTo(CallbackReply.APPLIED);

            assertThat(fixture.status()).isEqualTo("read");
            assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
        }

        @Test
        void incident_5_a_status_counts_from_every_state_of_the_task() {
            CallbackFixture claimed = fixture;
            CallbackFixture recorded = CallbackFixture.withTask().recorded("queued");
            CallbackFixture ahead = CallbackFixture.withTask().recorded("sending");
            CallbackFixture unknown = CallbackFixture.withTask().recordedUnknown(CallFailure.TIMEOUT);
            CallbackFixture expired = CallbackFixture.withTask();
            expired.clock.move(Duration.ofHours(1));

            for (CallbackFixture each : List.of(claimed, recorded, ahead, unknown, expired)) {
                assertThat(each.receive(aCallback("sent"))).isEqualTo(CallbackReply.APPLIED);
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
            fixture.recordedUnknown(failure);

            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);

            assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
            assertThat(fixture.stored().sid()).contains(new MessageSid(SID));
            assertThat(fixture.code()).isEmpty();
            assertThat(notes()).containsExactly("", "healed");
        }

        @Test
        void incident_6_a_repeated_status_is_noted_once_and_later_ones_still_count() {
            for (int i = 0; i < 3; i++) {
                fixture.receive(aCallback("queued"));
            }
            assertThat(fixture.receive(aCallback("sent"))).isEqualTo(CallbackReply.APPLIED);
            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);
            for (int i = 0; i < 3; i++) {
                assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.NOTED);
            }

            assertThat(fixture.status()).isEqualTo("delivered");
            assertThat(notes()).containsExactly("", "duplicate", "", "", "duplicate");
        }

        @ParameterizedTest
        @ValueSource(strings = {"partially_delivered", "brand_new", "received", "brand-new"})
        void incident_7_an_unknown_word_is_noted_and_brings_the_sid(String word) {
            assertThat(fixture.receive(aCallback(word))).isIn(CallbackReply.APPLIED, CallbackReply.NOTED);

            assertThat(fixture.stored().sid()).contains(new MessageSid(SID));
            assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
            assertThat(notes()).containsExactly("unknown_status");
            assertThat(fixture.receive(aCallback("queued"))).isEqualTo(CallbackReply.APPLIED);
            assertThat(fixture.status()).isEqualTo("queued");
        }

        @Test
        void incident_7_an_unknown_word_does_not_replace_a_known_one() {
            fixture.recorded("sent");

            assertThat(fixture.receive(aCallback("brand_new"))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.status()).isEqualTo("sent");
            assertThat(notes()).containsExactly("", "unknown_status");
        }

        @ParameterizedTest
        @ValueSource(strings = {"queued", "sent"})
        void an_unknown_word_that_comes_again_and_again_after_the_end_of_the_wait_is_told_to_nobody(String status) {
            CallbackFixture ended = CallbackFixture.withTask().withEvent().recorded(status);
            ended.clock.move(Duration.ofHours(25));
            ended.ended();
            Node node = ended.stored().node();

            for (int i = 0; i < 5; i++) {
                assertThat(ended.receive(aCallback("brand_new"))).isEqualTo(CallbackReply.NOTED);
            }

            assertThat(ended.stored().node()).isEqualTo(node);
            assertThat(ended.stored().pollAt()).isEmpty();
            assertThat(ended.events).containsExactly(status);
            assertThat(ended.notes().subList(2, 4)).containsExactly("unknown_status", "duplicate");
            assertThat(ended.notes()).hasSize(4);
        }

        @Test
        void an_unknown_word_brings_the_sid_of_an_unknown_outcome_whose_time_is_over() {
            fixture.recordedUnknown(CallFailure.TIMEOUT);
            fixture.clock.move(Duration.ofHours(25));
            fixture.ended();

            assertThat(fixture.receive(aCallback("brand_new"))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.stored().sid()).contains(new MessageSid(SID));
            assertThat(fixture.code()).isEqualTo("timeout");
            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void incident_8_the_error_stays_when_a_later_callback_has_none() {
            fixture.receive(aCallback("undelivered").with("ErrorCode", "30008"));
            fixture.receive(aCallback("undelivered"));
            fixture.receive(aCallback("sent"));

            assertThat(fixture.code()).isEqualTo("30008");
            assertThat(fixture.stored().escalation().orElseThrow().urlMoreInfo())
                    .contains("https://www.twilio.com/docs/errors/30008");
        }

        @Test
        void incident_8_an_error_code_of_a_message_still_on_its_way_makes_no_escalation() {
            fixture.receive(aCallback("sending").with("ErrorCode", "30008"));

            assertThat(fixture.code()).isEmpty();
            fixture.receive(aCallback("delivered").with("ErrorCode", "30008"));
            assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
            assertThat(fixture.code()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "0", "none", "-1", "30008a", "1234567890", "\u0663\u0660", "../../login"})
        void an_error_code_that_is_no_number_of_twilios_is_left_out(String errorCode) {
            fixture.receive(aCallback("failed").with("ErrorCode", errorCode));

            assertThat(fixture.code()).isEqualTo("failed");
            assertThat(fixture.stored().escalation().orElseThrow().urlMoreInfo())
                    .isEmpty();
        }

        @Test
        void a_blank_after_an_error_code_does_not_lose_it() {
            fixture.receive(aCallback("failed").with("ErrorCode", "30008 "));

            assertThat(fixture.code()).isEqualTo("30008");
            assertThat(fixture.stored().history().get(0).code()).contains("30008");
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "90210", "123456789"})
        void an_error_code_has_up_to_nine_digits(String errorCode) {
            fixture.receive(aCallback("failed").with("ErrorCode", errorCode));

            assertThat(fixture.code()).isEqualTo(errorCode);
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
            fixture.receive(aCallback("failed")
                    .with("ErrorCode", code)
                    .with("ErrorMessage", twilios)
                    .with("ChannelStatusMessage", channels));

            assertThat(fixture.stored().escalation().orElseThrow().message()).isEqualTo(message);
        }

        @Test
        void secrets_in_twilios_words_are_masked_and_control_characters_are_blanks() {
            String basic = Base64.getEncoder().encodeToString((CallbackFixture.ACCOUNT + ":" + TOKEN).getBytes(UTF_8));
            CallbackFixture own = CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(TOKEN));

            for (CallbackFixture each : List.of(fixture, own)) {
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
            fixture.receive(aCallback("sent").with("ErrorMessage", "Odd."));

            assertThat(fixture.stored().escalation()).isEmpty();
        }

        @Test
        void incident_15_undelivered_is_final() {
            fixture.recorded("sent");

            fixture.receive(aCallback("undelivered").with("ErrorCode", "30003"));

            assertThat(fixture.stored().node()).isEqualTo(Node.ESCALATION);
            assertThat(fixture.stored().isHardFinal()).isTrue();
            assertThat(fixture.code()).isEqualTo("30003");
        }

        @Test
        void incident_10_blank_and_unknown_fields_are_signed_and_do_no_harm() {
            assertThat(fixture.receive(aCallback("sent")
                            .with("ErrorCode", "")
                            .with("ErrorMessage", "")
                            .with("CarrierNote", "d\u00e9j\u00e0 vu + 100 %")))
                    .isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void a_final_status_finds_room_in_a_full_history() {
            for (int i = 0; i < 60; i++) {
                fixture.receive(aCallback(word(i)));
            }
            assertThat(fixture.stored().history()).hasSize(45);

            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);

            assertThat(fixture.status()).isEqualTo("delivered");
            assertThat(fixture.stored().history()).hasSize(46);
        }
    }

    /** Another writer moves the task between the read and the write. */
    @Nested
    class Lost_races {

        @Test
        void incident_4_of_two_callbacks_at_once_none_is_lost() {
            fixture.recorded("queued");
            fixture.store.before(Call.WRITE, () -> fixture.receive(aCallback("sent")));

            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);

            assertThat(fixture.status()).isEqualTo("delivered");
            assertThat(fixture.stored().history()).hasSize(3);
        }

        @Test
        void incident_4_the_slower_of_two_does_not_undo_the_faster() {
            fixture.recorded("queued");
            fixture.store.before(Call.WRITE, () -> elsewhere("delivered"));

            assertThat(fixture.receive(aCallback("sent"))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.status()).isEqualTo("delivered");
            assertThat(notes()).containsExactly("", "", "late");
            assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE, Call.WRITE);
        }

        @Test
        void incident_2_the_senders_record_meanwhile_changes_nothing_for_the_callback() {
            fixture.store.before(Call.WRITE, () -> fixture.recorded("queued"));

            assertThat(fixture.receive(aCallback("sent"))).isEqualTo(CallbackReply.APPLIED);

            assertThat(fixture.status()).isEqualTo("sent");
            assertThat(fixture.stored().history()).hasSize(2);
        }

        @Test
        void a_remark_that_loses_three_times_is_written_at_the_fourth_try() {
            fixture.recorded("sent");
            for (String faster : List.of("sending", "accepted", "scheduled")) {
                fixture.store.before(Call.WRITE, () -> elsewhere(faster));
            }

            assertThat(fixture.receive(aCallback("queued"))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.store.calls())
                    .containsExactly(Call.FIND, Call.WRITE, Call.WRITE, Call.WRITE, Call.WRITE);
            assertThat(notes()).containsExactly("", "late", "late", "late", "late");
        }

        @Test
        void a_remark_that_loses_until_the_time_for_writing_is_over_is_let_go() {
            fixture.recorded("sent");
            fixture.store.before(Call.WRITE, () -> elsewhere("sending"));
            fixture.store.before(Call.WRITE, () -> elsewhere("accepted", RecordStatus.LATEST_TRY));

            assertThat(fixture.receive(aCallback("queued"))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE, Call.WRITE);
            assertThat(fixture.status()).isEqualTo("sent");
        }

        @Test
        void incident_13_a_status_that_loses_until_the_time_for_writing_is_over_is_asked_for_again() {
            fixture.recorded("sent");
            fixture.store.before(
                    Call.WRITE, () -> fixture.waitedForBy("execution").clock.move(RecordStatus.LATEST_TRY));

            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.UNAVAILABLE);

            assertThat(fixture.status()).isEqualTo("sent");
            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void a_status_that_loses_without_end_is_not_tried_without_end() {
            for (int i = 0; i < Recorder.TRIES; i++) {
                String faster = word(i);
                fixture.store.before(Call.WRITE, () -> elsewhere(faster));
            }
            fixture.recorded("accepted");

            assertThat(fixture.receive(aCallback("brand_new"))).isEqualTo(CallbackReply.NOTED);

            assertThat(fixture.store.calls()).hasSize(1 + Recorder.TRIES);
        }

        @Test
        void a_status_that_finds_the_last_place_in_the_history_taken_still_counts() {
            for (int i = 0; i < 44; i++) {
                fixture.receive(aCallback(word(i)));
            }
            fixture.store.before(Call.WRITE, () -> elsewhere(word(44)));

            assertThat(fixture.receive(aCallback("sent"))).isEqualTo(CallbackReply.APPLIED);

            assertThat(fixture.status()).isEqualTo("sent");
            assertThat(fixture.stored().history()).hasSize(45);
        }

        @Test
        void incident_9_a_task_that_is_gone_meanwhile_is_not_made_anew() {
            fixture.store.before(Call.WRITE, fixture.store::forgetAll);

            assertThat(fixture.receive(aCallback("sent"))).isEqualTo(CallbackReply.NO_SUCH_TASK);

            assertThat(fixture.hasTask()).isFalse();
        }

        @Test
        void the_same_callback_twice_at_once_is_noted_twice_at_most() {
            fixture.store.before(Call.WRITE, () -> elsewhere("sent"));

            assertThat(fixture.receive(aCallback("sent"))).isIn(CallbackReply.APPLIED, CallbackReply.NOTED);

            assertThat(fixture.stored().history()).hasSizeLessThanOrEqualTo(2);
            assertThat(fixture.status()).isEqualTo("sent");
        }

        /** As below, and then so much time passes. */
        private void elsewhere(String status, Duration later) {
            elsewhere(status);
            fixture.clock.move(later);
        }

        /** Another instance of the function records a callback. */
        private void elsewhere(String status) {
            Task task = fixture.stored();
            StatusReport report = new StatusReport(
                    new MessageSid(SID),
                    new MessageStatus(status),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Source.CALLBACK,
                    fixture.clock.instant());
            fixture.store.undisturbed().replace(task, report.appliedTo(task));
        }
    }

    /** Twilio signed it, but for another account or message. */
    @Nested
    class Not_this_tasks {

        @Test
        void another_account_is_refused_and_not_noted() {
            Task before = fixture.stored();

            assertThat(fixture.receive(aCallback("delivered").with("AccountSid", "AC" + "2".repeat(32))))
                    .isEqualTo(CallbackReply.OTHER_ACCOUNT);
            assertThat(fixture.receive(aCallback("delivered").without("AccountSid")))
                    .isEqualTo(CallbackReply.OTHER_ACCOUNT);

            assertThat(fixture.stored()).isEqualTo(before);
            assertThat(fixture.store.calls()).doesNotContain(Call.WRITE);
        }

        @Test
        void another_sid_is_refused_and_noted_once() {
            fixture.recorded("queued");

            for (int i = 0; i < 3; i++) {
                assertThat(fixture.receive(aCallback("delivered").with("MessageSid", OTHER_SID)))
                        .isEqualTo(CallbackReply.OTHER_SID);
            }

            assertThat(fixture.status()).isEqualTo("queued");
            assertThat(fixture.stored().sid()).contains(new MessageSid(SID));
            assertThat(notes()).containsExactly("", "conflict");
            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void another_sid_that_was_faster_than_this_one_wins_and_this_one_is_a_conflict() {
            fixture.store.before(
                    Call.WRITE, () -> fixture.receive(aCallback("queued").with("MessageSid", OTHER_SID)));

            assertThat(fixture.receive(aCallback("sent"))).isEqualTo(CallbackReply.OTHER_SID);

            assertThat(fixture.stored().sid()).contains(new MessageSid(OTHER_SID));
            assertThat(notes()).containsExactly("", "conflict");
        }
    }

    /** Nothing proves that it is Twilio's. */
    @Nested
    class Not_genuine {

        @Test
        void a_wrong_token_is_forged() {
            assertNotSigned(aCallback("delivered").signedWith("f".repeat(32)).request(), CallbackReply.FORGED);
        }

        @Test
        void incident_14_without_a_signature_the_task_is_read_and_no_secret() {
            CallbackFixture own = CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(TOKEN));

            assertNotSigned(aCallback("delivered").unsigned(), CallbackReply.UNSIGNED);
            assertThat(own.receive(aCallback("delivered").unsigned())).isEqualTo(CallbackReply.UNSIGNED);

            assertThat(own.secretReads()).isZero();
            assertThat(own.store.calls()).containsExactly(Call.FIND);
        }

        @Test
        void without_a_signature_a_wrong_key_is_not_found() {
            assertRefused(
                    aCallback("delivered")
                            .to("/nvp/callback/" + "_".repeat(42) + "8/" + ID)
                            .unsigned(),
                    CallbackReply.NO_SUCH_TASK,
                    Call.FIND);
        }

        @Test
        void a_field_changed_on_the_way_is_forged() {
            String signature =
                    aCallback("sent").request().header("x-twilio-signature").orElseThrow();
            HttpRequest changed = aCallback("delivered")
                    .withHeader("x-twilio-signature", signature)
                    .unsigned();

            assertNotSigned(changed, CallbackReply.FORGED);
        }

        @Test
        void a_signature_for_another_url_is_forged() {
            assertNotSigned(
                    aCallback("delivered")
                            .signedFor("https://elsewhere.example.com")
                            .request(),
                    CallbackReply.FORGED);
            assertNotSigned(
                    aCallback("delivered")
                            .signedFor("http://callbacks.example.com")
                            .request(),
                    CallbackReply.FORGED);
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
                    CallbackReply.FORGED);
            assertThat(fixture.receive(aCallback("delivered")
                            .withHeader("host", "10.0.0.7:8080")
                            .withHeader("x-forwarded-proto", "http")))
                    .isEqualTo(CallbackReply.APPLIED);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"https://callbacks.example.com/prod", "https://other.example.com", "http://127.0.0.1:8081"})
        void incident_11_the_signature_is_over_the_base_of_the_claim(String base) {
            CallbackFixture elsewhere = CallbackFixture.withTask(base);

            assertThat(elsewhere.receive(aCallback("sent"))).isEqualTo(CallbackReply.FORGED);
            assertThat(elsewhere.receive(aCallback("sent").signedFor(base))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void the_key_of_one_task_does_not_open_another() {
            assertRefused(
                    aCallback("delivered")
                            .to("/nvp/callback/" + KEY + "/order-4712")
                            .request(),
                    CallbackReply.NO_SUCH_TASK,
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
            assertRefused(aCallback("delivered").to(path).request(), CallbackReply.NO_SUCH_TASK);
        }

        @Test
        void the_last_bits_of_a_key_count() {
            // The last of the 43 characters has two unused bits.
            String sameBytes = KEY.substring(0, 42) + "9";

            assertRefused(
                    aCallback("delivered")
                            .to("/nvp/callback/" + sameBytes + "/" + ID)
                            .request(),
                    CallbackReply.NO_SUCH_TASK);
        }

        @Test
        void only_a_post_is_a_callback() {
            HttpRequest post = aCallback("delivered").request();

            assertRefused(new HttpRequest("GET", post.path(), post.headers(), post.body()), CallbackReply.NO_SUCH_TASK);
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
            assertRefused(aCallback("delivered").with(field, value).request(), CallbackReply.NOT_PARSABLE);
            assertRefused(aCallback("delivered").without(field).request(), CallbackReply.NOT_PARSABLE);
        }

        @Test
        void more_than_64_kb_are_not_looked_at() {
            assertRefused(aCallback("delivered").with("Note", "x".repeat(65536)).request(), CallbackReply.TOO_LARGE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data", ""})
        void what_does_not_call_itself_a_form_is_none(String contentType) {
            assertRefused(
                    aCallback("delivered")
                            .withHeader("content-type", contentType)
                            .request(),
                    CallbackReply.NOT_A_FORM);
        }

        /** The key is the task's, so the task and its account may be logged. It costs one read. */
        private void assertNotSigned(HttpRequest request, CallbackReply reply) {
            assertUnchanged(request, new CallbackResult.NotSigned(reply, fixture.stored()), Call.FIND);
        }

        private void assertRefused(HttpRequest request, CallbackReply reply, Call... calls) {
            assertUnchanged(request, new CallbackResult.Refused(reply), calls);
        }

        /** Nothing is written before the signature is verified, and a malformed request costs no read. */
        private void assertUnchanged(HttpRequest request, CallbackResult result, Call... calls) {
            Task before = fixture.stored();
            int earlier = fixture.store.calls().size();

            assertThat(fixture.result(request)).isEqualTo(result);

            assertThat(fixture.stored()).isEqualTo(before);
            assertThat(fixture.store
                            .calls()
                            .subList(earlier, fixture.store.calls().size()))
                    .containsExactly(calls);
        }
    }

    /** The caller's own account has two tokens, and Twilio signs with the other one. */
    @Nested
    class A_second_token_for_signatures {

        private static final String PRIMARY = "f".repeat(32);

        private final CallbackFixture own = CallbackFixture.withTaskSignedAlsoWith(PRIMARY);

        @Test
        void either_token_verifies() {
            assertThat(own.receive(aCallback("sent").signedWith(PRIMARY))).isEqualTo(CallbackReply.APPLIED);
            assertThat(own.receive(aCallback("delivered").signedWith(TOKEN))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void no_third_one_does() {
            assertThat(own.receive(aCallback("sent").signedWith("e".repeat(32))))
                    .isEqualTo(CallbackReply.FORGED);
            assertThat(own.receive(aCallback("sent").to("/nvp/callback/" + "_".repeat(42) + "8/" + ID)))
                    .isEqualTo(CallbackReply.NO_SUCH_TASK);
        }

        @Test
        void without_it_only_the_token_that_sends_verifies() {
            assertThat(fixture.receive(aCallback("sent").signedWith(PRIMARY))).isEqualTo(CallbackReply.FORGED);
        }
    }

    /** The tokens of the stack's secret sign the task's callbacks. */
    @Nested
    class The_stacks_credentials {

        private static final String ROTATED = "f".repeat(32);

        private final CallbackFixture own = CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(TOKEN));

        @Test
        void the_secrets_token_verifies_and_is_read_once() {
            assertThat(own.receive(aCallback("sent"))).isEqualTo(CallbackReply.APPLIED);
            assertThat(own.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);

            assertThat(own.secretReads()).isEqualTo(1);
        }

        @Test
        void a_wrong_key_is_not_found_and_reads_no_secret() {
            assertThat(own.receive(aCallback("sent").to("/nvp/callback/" + "_".repeat(42) + "8/" + ID)))
                    .isEqualTo(CallbackReply.NO_SUCH_TASK);

            assertThat(own.secretReads()).isZero();
        }

        @Test
        void the_token_before_a_rotation_verifies_too() {
            own.secretBecomes("{\"AccountSid\":\"" + CallbackFixture.ACCOUNT + "\",\"AuthToken\":\"" + ROTATED
                    + "\",\"PreviousAuthToken\":\"" + TOKEN + "\"}");

            assertThat(own.receive(aCallback("sent"))).isEqualTo(CallbackReply.APPLIED);
            assertThat(own.receive(aCallback("delivered").signedWith(ROTATED))).isEqualTo(CallbackReply.APPLIED);
            assertThat(own.secretReads()).isEqualTo(1);
        }

        @Test
        void a_rotation_is_noticed_by_the_first_mismatch() {
            own.receive(aCallback("sent"));
            own.secretBecomes(CallbackFixture.secret(ROTATED));
            own.clock.move(Duration.ofSeconds(10));

            assertThat(own.receive(aCallback("delivered").signedWith(ROTATED))).isEqualTo(CallbackReply.APPLIED);

            assertThat(own.secretReads()).isEqualTo(2);
        }

        @Test
        void forged_callbacks_read_the_secret_every_ten_seconds_at_most() {
            own.receive(aCallback("queued"));
            for (int second = 0; second < 20; second++) {
                own.clock.move(Duration.ofSeconds(1));
                assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(CallbackReply.FORGED);
            }

            assertThat(own.secretReads()).isEqualTo(3);
            assertThat(own.status()).isEqualTo("queued");
        }

        @Test
        void one_callback_reads_the_secret_once_at_most() {
            own.timeToReadSecret = CallbackWiring.SECRET_LIMIT;

            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(CallbackReply.FORGED);
            assertThat(own.secretReads()).isEqualTo(1);

            own.clock.move(Duration.ofSeconds(11));
            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(CallbackReply.FORGED);
            assertThat(own.secretReads()).isEqualTo(2);
        }

        @Test
        void an_api_keys_secret_never_signs() {
            own.secretBecomes("{\"AccountSid\":\"" + CallbackFixture.ACCOUNT + "\",\"AuthToken\":\"" + TOKEN
                    + "\",\"ApiKeySid\":\"SK1\",\"ApiKeySecret\":\"" + ROTATED + "\"}");

            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(CallbackReply.FORGED);
        }

        @Test
        void a_secret_that_cannot_be_read_is_an_outage_and_no_forgery() {
            own.secretCannotBeRead();

            assertThat(own.receive(aCallback("sent"))).isEqualTo(CallbackReply.UNAVAILABLE);

            assertThat(own.store.calls()).containsExactly(Call.FIND);
        }

        @Test
        void a_secret_that_cannot_be_read_again_is_an_outage_too() {
            own.receive(aCallback("queued"));
            own.clock.move(Duration.ofSeconds(10));
            own.secretCannotBeRead();

            assertThat(own.receive(aCallback("sent").signedWith(ROTATED))).isEqualTo(CallbackReply.UNAVAILABLE);
            assertThat(own.receive(aCallback("sent"))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void a_secret_that_is_gone_or_another_accounts_is_an_outage() {
            own.secretBecomes(null);
            assertThat(own.receive(aCallback("sent"))).isEqualTo(CallbackReply.UNAVAILABLE);

            own.secretBecomes(CallbackFixture.secret(TOKEN).replace("AC0", "AC1"));
            assertThat(own.receive(aCallback("sent"))).isEqualTo(CallbackReply.UNAVAILABLE);
        }
    }

    @Nested
    class Without_the_store {

        @Test
        void incident_13_a_task_that_cannot_be_read_is_asked_for_again() {
            fixture.store.failOnce(Call.FIND);

            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.UNAVAILABLE);
            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void incident_13_a_status_that_cannot_be_written_is_asked_for_again() {
            fixture.store.failOnce(Call.WRITE);

            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.UNAVAILABLE);
            assertThat(fixture.status()).isEmpty();
            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.APPLIED);
        }

        @Test
        void incident_16_of_a_thousand_receipts_none_is_thrown_away_while_the_store_is_overrun() {
            CallbackFixture own = CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(TOKEN));
            List<SampleCallback> receipts = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                TaskId id = own.alsoHas("receipt-" + i, own.clock.instant());
                own.store.failOnce(i % 2 == 0 ? Call.FIND : Call.WRITE);
                receipts.add(aCallback("delivered").to("/nvp/callback/" + CallbackFixture.KEY + "/" + id));
            }

            // Twilio repeats failed callbacks, since the URL asks for it.
            List<SampleCallback> repeated = receipts.stream()
                    .filter(receipt -> own.receive(receipt) == CallbackReply.UNAVAILABLE)
                    .toList();

            assertThat(repeated).hasSizeGreaterThan(900);
            assertThat(repeated.stream().map(own::receive)).containsOnly(CallbackReply.APPLIED);
            assertThat(own.store.undisturbed().due(PollKind.LOOK, Instant.MAX, () -> true))
                    .singleElement()
                    .satisfies(due -> assertThat(due).toIterable().hasSize(1));
        }

        @Test
        void a_task_that_never_was_costs_one_read() {
            fixture.store.forgetAll();

            assertThat(fixture.receive(aCallback("delivered"))).isEqualTo(CallbackReply.NO_SUCH_TASK);

            assertThat(fixture.store.calls()).containsExactly(Call.FIND);
            assertThat(fixture.hasTask()).isFalse();
        }
    }

    private List<String> notes() {
        return fixture.notes();
    }

    /** One of many unknown statuses. */
    private static String word(int number) {
        return "word_" + (char) ('a' + number / 26) + (char) ('a' + number % 26);
    }
}
