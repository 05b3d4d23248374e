package io.smstask.send;

import static io.smstask.send.Calls.call;
import static io.smstask.send.Calls.callWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.MessageSid;
import io.smstask.task.Misconfigured;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.UnreadableTask;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** send-function from Lambda's side: bytes in, bytes out, errors by their names, and what is logged on the way. */
final class SendHandlerTest {

    private static final String SID = SampleSms.SID;
    private static final TwilioAnswer INVALID_NUMBER = SampleSms.refused(
            400,
            new TwilioError(
                    "21211",
                    "Invalid 'To' Phone Number.",
                    Optional.of("https://www.twilio.com/docs/errors/21211"),
                    Retryable.NO));

    private final SendFixture fixture = SendFixture.withSecret(SendFixture.secret(Calls.TOKEN));
    private final SendHandler handler = new SendHandler(fixture.wiring());
    private final TestContext context = new TestContext(SendFixture.FUNCTION_TIMEOUT);

    /** What the function answered over HTTP. */
    private record HttpReply(int status, Map<String, Object> headers, Map<String, Object> body) {}

    @Nested
    class Over_http {

        @Test
        void a_second_token_for_signatures_is_taken_and_not_answered() throws Exception {
            byte[] call = SendEvents.read("send-direct-signing-token");

            HttpReply answer = http(SendEvents.readWith("send-http-v2", "body", new String(call, UTF_8)));

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.body().toString()).doesNotContain("fedcba98", "SigningAuthToken");
            assertThat(fixture.stored().claim().proof().toString())
                    .contains(".")
                    .doesNotContain("fedcba98");
        }

        /** The stage is part of the called URL, so it is part of {@code Location}. */
        @ParameterizedTest
        @CsvSource({
            "send-http-v2, /tasks/order-4711",
            "send-http-v2-base64, /tasks/order-4711",
            "send-http-v1, /prod/tasks/order-4711",
            "send-function-url, /tasks/order-4711",
            "send-named-stage, /prod/tasks/order-4711",
            "send-custom-domain, tasks/order-4711",
            "send-idempotency-key-header, /tasks/order-4711"
        })
        void every_door_leads_to_the_same_task(String event, String location) throws Exception {
            HttpReply answer = http(SendEvents.read(event));

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.headers())
                    .containsOnly(Map.entry("Location", location), Map.entry("Content-Type", "application/json"));
            assertThat(answer.body())
                    .containsEntry("task_id", "order-4711")
                    .containsEntry("sid", SID)
                    .containsEntry("status", "queued");
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void the_task_is_told_with_the_contracts_fields() throws Exception {
            HttpReply answer = http(SendEvents.read("send-http-v2"));

            assertThat(Json.writeText(answer.body())).isEqualTo("""
                    {"task_id":"order-4711","sid":"SM00000000000000000000000000000001",\
                    "node":"Waiting for Callback","status":"queued",\
                    "AccountSid":"AC00000000000000000000000000000001",\
                    "number_to":"+15558675310","number_from":"+15005550006",\
                    "body":"Your order 4711 is on its way.","num_segments":1,\
                    "created_at":"2026-11-24T12:00:00.000Z","updated_at":"2026-11-24T12:00:00.000Z",\
                    "history":[{"at":"2026-11-24T12:00:00.000Z","source":"send","status":"queued"}]}""");
        }

        @Test
        void letters_beyond_ascii_reach_twilio_as_they_are() throws Exception {
            http(SendEvents.read("send-http-v2-base64"));

            assertThat(fixture.twilio.asked().get(0).sms().body().orElseThrow().value())
                    .isEqualTo("\u0412\u0430\u0448 \u0437\u0430\u043a\u0430\u0437 4711"
                            + " \u0443\u0436\u0435 \u0432 \u043f\u0443\u0442\u0438 \uD83D\uDE9A");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        send-missing-number       | number_to
                        send-unknown-field        | colour
                        send-two-spellings-differ | number_to
                        send-body-too-long        | body
                        send-not-json             | (body)
                        send-half-a-schedule      | SendAt
                        send-half-a-surrogate     | body
                        send-twilio-names         | To
                        send-body-is-an-object    | (body)
                        send-empty-task-id        | task_id
                        send-empty-idempotency-key | Idempotency-Key
                        send-two-idempotency-keys | Idempotency-Key
                        """)
        void refused_parameters_make_no_task(String event, String field) throws Exception {
            HttpReply answer = http(SendEvents.read(event));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
            assertThat(answer.body()).containsOnlyKeys("code", "message", "problems");
            assertThat(answer.body()).containsEntry("code", "invalid_task");
            assertThat(answer.body().get("problems").toString()).startsWith("[{field=" + field + ", message=");
            assertThat(fixture.store.calls()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"[]", "null", "", "7", "{} {}", "{\"body\":\"a\",\"body\":\"b\"}"})
        void a_body_that_is_not_one_json_object_is_refused(String body) throws Exception {
            HttpReply answer = http(SendEvents.readWith("send-http-v2", "body", body));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().get("problems").toString()).startsWith("[{field=(body), message=");
        }

        /** The test tool of AWS's console accepts an object there; API Gateway never sends one. */
        @Test
        void a_body_that_is_an_object_is_told_to_be_no_text() throws Exception {
            HttpReply answer = http(SendEvents.read("send-body-is-an-object"));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .containsEntry(
                            "problems",
                            List.of(Map.of("field", "(body)", "message", "the event's body must be a text")));
        }

        @Test
        void an_event_whose_own_text_is_cut_within_a_character_is_refused() throws Exception {
            HttpReply answer = http(SendEvents.readReplacing("send-http-v2", "on its way", "on its \\ud83d way"));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(fixture.store.calls()).isEmpty();
        }

        @Test
        void twilios_names_are_answered_with_ours() throws Exception {
            HttpReply answer = http(SendEvents.read("send-twilio-names"));

            assertThat(answer.body().get("problems").toString())
                    .contains("did you mean number_to?", "did you mean number_from?");
        }

        @Test
        void incident_35_a_text_that_is_exactly_null_is_a_text() throws Exception {
            http(SendEvents.read("send-text-null"));

            assertThat(fixture.twilio.asked().get(0).sms().body().orElseThrow().value())
                    .isEqualTo("null");
        }

        @Test
        void a_body_that_claims_to_be_base64_and_is_not_is_refused() throws Exception {
            assertThat(http(SendEvents.readWith("send-http-v2", "isBase64Encoded", true))
                            .status())
                    .isEqualTo(400);
        }

        @Test
        void a_form_is_not_taken_for_json() throws Exception {
            HttpReply answer = http(SendEvents.read("send-wrong-content-type"));

            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.body()).containsOnlyKeys("code", "message");
        }

        @ParameterizedTest
        @CsvSource({
            "application/json; charset=utf-8, 201",
            "Application/JSON, 201",
            "application/jsonp, 415",
            "text/plain, 415",
            "'', 415"
        })
        void the_content_type_counts_without_case_and_charset(String contentType, int status) throws Exception {
            byte[] event = SendEvents.readReplacing(
                    "send-http-v2",
                    "\"content-type\": \"application/json\"",
                    "\"content-type\": \"" + contentType + "\"");

            assertThat(http(event).status()).isEqualTo(status);
        }

        @ParameterizedTest
        @CsvSource({"65536, 400", "65537, 413"})
        void more_than_64_kb_are_not_looked_at(int bytes, int status) throws Exception {
            String body = "{\"body\":\"" + "x".repeat(bytes - 11) + "\"}";

            HttpReply answer = http(SendEvents.readWith("send-http-v2", "body", body));

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).containsKeys("code", "message");
        }

        @Test
        void the_idempotency_key_is_found_in_any_case() throws Exception {
            byte[] event =
                    SendEvents.readReplacing("send-idempotency-key-header", "idempotency-key", "IDEMPOTENCY-Key");

            assertThat(http(event).body()).containsEntry("task_id", "order-4711");
        }

        /** Taking one of two values would hide the other. */
        @ParameterizedTest
        @CsvSource({
            "send-http-v2, \"content-type\", \"idempotency-key\": \"%s\"",
            "send-http-v1, \"Content-Type\", \"Idempotency-Key\": \"%s\""
        })
        void incident_30_an_idempotency_key_that_is_empty_or_given_twice_is_refused(
                String event, String before, String header) throws Exception {
            for (String key : List.of("", " ", "order-4711,order-4711", "order-4711, order-4712")) {
                byte[] payload = SendEvents.readReplacing(event, before, header.formatted(key) + ", " + before);

                assertThat(http(payload).status()).as(key).isEqualTo(400);
            }
            assertThat(fixture.store.calls()).isEmpty();
        }

        @Test
        void an_idempotency_key_that_differs_from_the_task_id_is_refused() throws Exception {
            byte[] event = SendEvents.readReplacing(
                    "send-http-v2", "\"content-type\"", "\"idempotency-key\": \"order-4712\", \"content-type\"");

            assertThat(http(event).status()).isEqualTo(400);
        }

        @Test
        void a_call_without_a_task_id_is_given_one() throws Exception {
            byte[] event =
                    SendEvents.readReplacing("send-idempotency-key-header", "\"idempotency-key\": \"order-4711\",", "");

            HttpReply first = http(event);
            HttpReply second = http(event);

            assertThat(first.body().get("task_id").toString()).matches("[0-9a-f]{32}");
            assertThat(first.headers())
                    .containsEntry("Location", "/tasks/" + first.body().get("task_id"));
            assertThat(second.body().get("task_id")).isNotEqualTo(first.body().get("task_id"));
        }

        @Test
        void the_stage_before_the_path_does_not_matter() throws Exception {
            assertThat(http(SendEvents.readWith("send-http-v2", "rawPath", "/prod/tasks"))
                            .status())
                    .isEqualTo(201);
            assertThat(http(SendEvents.readWith("read-task-http-v2", "rawPath", "/prod/tasks/order-4711"))
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void while_another_call_sends_the_location_holds_the_stage_too() throws Exception {
            List<HttpReply> repeats = new ArrayList<>();
            fixture.whileTwilioWorks(() -> repeats.add(again("send-named-stage")));

            http(SendEvents.read("send-http-v2"));

            assertThat(repeats.get(0).status()).isEqualTo(202);
            assertThat(repeats.get(0).headers()).containsEntry("Location", "/prod/tasks/order-4711");
        }

        @Test
        void each_repeat_is_answered_by_where_the_task_stands() throws Exception {
            List<HttpReply> repeats = new ArrayList<>();
            fixture.whileTwilioWorks(() -> repeats.add(again("send-http-v2")));

            http(SendEvents.read("send-http-v2"));
            repeats.add(again("send-http-v2"));
            HttpReply conflict = http(SendEvents.readReplacing("send-http-v2", "on its way", "at your door"));

            assertThat(repeats).extracting(HttpReply::status).containsExactly(202, 200);
            assertThat(repeats.get(0).headers()).containsEntry("Location", "/tasks/order-4711");
            assertThat(repeats.get(0).body())
                    .containsEntry("node", "Calling API")
                    .doesNotContainKey("sid");
            assertThat(conflict.status()).isEqualTo(409);
            assertThat(conflict.body()).containsOnlyKeys("code", "message");
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void incident_23_a_refusal_is_not_reported_as_success() throws Exception {
            fixture.twilio.answering(INVALID_NUMBER);

            HttpReply answer = http(SendEvents.read("send-http-v2"));

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.headers()).containsOnlyKeys("Content-Type");
            assertThat(answer.body())
                    .containsEntry("node", "Escalation")
                    .containsEntry("code", "21211")
                    .containsEntry(
                            "message",
                            "The recipient's number is not a valid number, or it is the sender's own."
                                    + " Twilio says: Invalid 'To' Phone Number.")
                    .containsEntry("url_more_info", "https://www.twilio.com/docs/errors/21211")
                    .containsEntry("retryable", "no")
                    .containsEntry("reason", "permanent")
                    .doesNotContainKeys("sid", "status");
        }

        @Test
        void incident_21_a_call_error_has_a_code_of_ours_and_no_page() throws Exception {
            fixture.twilio.answering(new Unknown(new CallError(CallFailure.TIMEOUT, "No answer in time.")));

            HttpReply answer = http(SendEvents.read("send-http-v2"));

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body())
                    .containsEntry("code", "timeout")
                    .containsEntry("message", "No answer in time.")
                    .containsEntry("retryable", "unknown")
                    .doesNotContainKey("url_more_info");
        }

        @ParameterizedTest
        @CsvSource({"60000, 60", "60001, 61"})
        void a_rate_limit_names_whole_seconds_to_wait(long millis, String seconds) throws Exception {
            fixture.twilio.answering(new NotSent(
                    new TwilioError("20429", "Too many requests.", Optional.empty(), Retryable.YES),
                    Optional.of(Duration.ofMillis(millis))));

            HttpReply answer = http(SendEvents.read("send-http-v2"));

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.headers()).containsEntry("Retry-After", seconds);
            assertThat(answer.body()).containsEntry("retryable", "yes");
        }

        @Test
        void a_call_without_a_status_keeps_the_sid() throws Exception {
            fixture.twilio.answering(new Incomplete(Optional.of(new MessageSid(SID))));

            HttpReply answer = http(SendEvents.read("send-http-v2"));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body())
                    .containsEntry("code", "status_missing")
                    .containsEntry("sid", SID)
                    .containsEntry("retryable", "no");
        }

        @Test
        void without_the_store_there_is_no_post_and_the_answer_says_so() throws Exception {
            fixture.store.failOnce(Call.CLAIM);
            fixture.store.failOnce(Call.FIND);
            fixture.store.failOnce(Call.FIND_BY_SID);

            for (String event : List.of("send-http-v2", "read-task-http-v2", "read-message-http-v2")) {
                HttpReply answer = http(SendEvents.read(event));

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.headers()).containsEntry("Retry-After", "1");
                assertThat(answer.body())
                        .containsEntry("code", "store_unavailable")
                        .containsOnlyKeys("code", "message");
            }
            assertThat(fixture.twilio.asked()).isEmpty();
            assertThat(context.lines()).contains("\"message\":\"store_unavailable\"");
        }

        @ParameterizedTest
        @CsvSource({"send-http-v2, CLAIM", "read-task-http-v2, FIND", "read-message-http-v2, FIND_BY_SID"})
        void a_store_that_refuses_is_told_as_a_fault_of_the_configuration(String event, Call call) throws Exception {
            fixture.store.before(call, () -> {
                throw new Misconfigured("the test's store refuses");
            });

            HttpReply answer = http(SendEvents.read(event));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers()).doesNotContainKey("Retry-After");
            assertThat(answer.body()).containsEntry("code", "misconfigured").containsOnlyKeys("code", "message");
            assertThat(answer.body().get("message").toString()).doesNotContain("in time");
            assertThat(fixture.twilio.asked()).isEmpty();
            assertThat(context.lines()).contains("\"message\":\"misconfigured\"");
        }

        @Test
        void a_record_that_is_refused_does_not_hide_that_twilio_took_the_message() throws Exception {
            fixture.store.before(Call.WRITE, () -> {
                throw new Misconfigured("the test's store refuses");
            });

            assertThat(http(SendEvents.read("send-http-v2")).status()).isEqualTo(201);
        }

        @ParameterizedTest
        @CsvSource({"send-http-v2, CLAIM", "read-task-http-v2, FIND", "read-message-http-v2, FIND_BY_SID"})
        void a_stored_task_that_cannot_be_read_is_an_answer_and_no_crash(String event, Call call) throws Exception {
            fixture.store.before(call, () -> {
                throw new UnreadableTask(Calls.ID);
            });

            HttpReply answer = http(SendEvents.read(event));

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).containsOnlyKeys("code", "message").containsEntry("code", "unreadable_task");
            assertThat(context.lines()).isEqualTo("{\"message\":\"unreadable_task\",\"task_id\":\"order-4711\"}\n");
            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "../secrets",
                    "a/b",
                    "order%2D4711",
                    "order-4711\u0000",
                    "order-4711\n",
                    " order-4711",
                    "\uff4frder-4711",
                    "order-\u0664711",
                    "{\"S\":\"order-4711\"}",
                    "12345678901234567890123456789012345678901234567890123456789012345"
                })
        void a_hostile_task_id_reaches_neither_store_nor_twilio(String id) throws Exception {
            HttpReply inBody =
                    http(SendEvents.readWith("send-http-v2", "body", Json.writeText(callWith("task_id", id))));
            HttpReply inPath = http(SendEvents.readWith("read-task-http-v2", "rawPath", "/tasks/" + id));

            assertThat(inBody.status()).isEqualTo(400);
            assertThat(inPath.status()).isEqualTo(404);
            assertThat(inBody.body().get("problems").toString()).doesNotContain(id);
            assertThat(fixture.store.calls()).isEmpty();
            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"'[', 60000, ''", "'{\"a\":', 10000, ''", "9, 60000, ''", "1e9, 1, 99999999", "-1e-9, 1, 99999999"})
        void a_json_bomb_is_one_refusal(String piece, int times, String rest) throws Exception {
            String bomb = piece.repeat(times) + rest;

            for (String name : List.of("context", "ValidityPeriod", "body", "MediaUrl")) {
                HttpReply answer = http(SendEvents.readWith("send-http-v2", "body", "{\"" + name + "\":" + bomb + "}"));

                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body().get("message").toString()).hasSizeLessThan(500);
            }
            assertThat(fixture.store.calls()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"1, 201", "998, 201", "999, 400"})
        void a_context_as_deep_as_json_is_read_here_comes_back_whole(int lists, int status) throws Exception {
            String deep = "[".repeat(lists) + "]".repeat(lists);
            String call = Json.writeText(call());
            String body = call.substring(0, call.length() - 1) + ",\"context\":{\"a\":" + deep + "}}";

            assertThat(http(SendEvents.readWith("send-http-v2", "body", body)).status())
                    .isEqualTo(status);
            HttpReply read = http(SendEvents.read("read-task-http-v2"));
            assertThat(read.status()).isEqualTo(status == 201 ? 200 : 404);
            assertThat(Json.writeText(read.body()).contains(deep)).isEqualTo(status == 201);
        }

        /** A caller that took it for "nothing was sent" and chose another id would send a second SMS. */
        @Test
        void an_outage_during_a_repeat_says_nothing_of_the_call_before() throws Exception {
            http(SendEvents.read("send-http-v2"));
            fixture.store.failOnce(Call.CLAIM);

            HttpReply answer = http(SendEvents.read("send-http-v2"));

            assertThat(answer.status()).isEqualTo(503);
            assertThat((String) answer.body().get("message"))
                    .contains("This call did not call Twilio")
                    .doesNotContain("Twilio was not called");
        }

        @Test
        void a_task_is_read_by_its_id_and_by_its_sid() throws Exception {
            assertThat(http(SendEvents.read("read-task-http-v2")).status()).isEqualTo(404);
            assertThat(http(SendEvents.read("read-message-http-v2")).status()).isEqualTo(404);

            HttpReply sent = http(SendEvents.read("send-http-v2"));

            assertThat(http(SendEvents.read("read-task-http-v2")).body()).isEqualTo(sent.body());
            assertThat(http(SendEvents.read("read-message-http-v2")).body()).isEqualTo(sent.body());
        }

        @ParameterizedTest
        @ValueSource(strings = {"/tasks/", "/tasks/order%204711", "/messages/order-4711", "/messages/", "/", ""})
        void what_cannot_be_an_id_names_no_task(String path) throws Exception {
            HttpReply answer = http(SendEvents.readWith("read-task-http-v2", "rawPath", path));

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).containsOnlyKeys("code", "message").containsEntry("code", "not_found");
            assertThat(fixture.store.calls()).isEmpty();
        }

        @Test
        void a_route_that_does_not_exist_is_not_found() throws Exception {
            HttpReply answer = http(SendEvents.read("unknown-route"));

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).containsEntry("code", "not_found");
        }

        private HttpReply again(String event) {
            try {
                return http(SendEvents.read(event));
            } catch (IOException | BadJson e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Direct invocation, by Step Functions too. */
    @Nested
    class Directly {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "send-direct",
                    "send-direct-signing-token",
                    "send-stack-credentials",
                    "send-messaging-service-scheduled",
                    "send-step-functions"
                })
        void the_answer_is_the_task(String event) throws Exception {
            assertThat(direct(SendEvents.read(event)))
                    .containsEntry("task_id", "order-4711")
                    .containsEntry("sid", SID)
                    .containsEntry("node", "Waiting for Callback");
        }

        @Test
        void a_direct_caller_is_told_how_long_to_wait() throws Exception {
            assertThat(direct(SendEvents.read("send-direct")))
                    .containsEntry("wait_seconds", 30 * 3600 + 120)
                    .containsEntry("read_again_seconds", (30 * 3600 + 120) / 200);

            fixture.clock.move(SendFixture.WAIT.plus(Task.PATIENCE).plusSeconds(60));
            assertThat(direct(SendEvents.read("read-task-direct")))
                    .containsEntry("wait_seconds", 60)
                    .containsEntry("read_again_seconds", 60);

            fixture.clock.move(Duration.ofSeconds(60));
            assertThat(direct(SendEvents.read("read-task-direct"))).containsEntry("wait_seconds", 0);
            assertThat(http(SendEvents.read("read-task-http-v2")).body())
                    .doesNotContainKeys("wait_seconds", "read_again_seconds");
        }

        @Test
        void for_a_task_that_has_ended_nobody_waits() throws Exception {
            fixture.twilioAlwaysAnswers(INVALID_NUMBER);

            assertThat(direct(SendEvents.read("send-direct"))).containsEntry("wait_seconds", 0);
        }

        /** An execution may have 25,000 events, and each read takes 13 at most. */
        @Test
        void the_longest_wait_by_reading_is_of_some_1_400_reads() {
            fixture.send(call());
            Task sent = fixture.stored();
            Instant now = fixture.clock.instant();
            // The furthest schedule, and the longest WAIT_HOURS.
            Instant dueAt = now.plus(Duration.ofDays(35)).plus(Duration.ofHours(336));
            Task waiting = Task.claimed(sent.id(), sent.sms(), sent.claim(), now, dueAt);
            Map<String, Object> answer = SendReplies.withWaits(waiting, now);
            int reads = 0;
            while ((long) answer.get("wait_seconds") > 0) {
                now = now.plusSeconds((long) answer.get("read_again_seconds"));
                answer = SendReplies.withWaits(waiting, now);
                reads++;
            }

            assertThat(reads).isBetween(1_300, 1_400);
        }

        @Test
        void the_context_comes_back() throws Exception {
            assertThat(direct(SendEvents.read("send-step-functions")))
                    .containsEntry("context", Map.of("order", 4711, "customer", "c-17"));
        }

        @Test
        void twilios_schedule_comes_back_under_twilios_names() throws Exception {
            assertThat(direct(SendEvents.read("send-messaging-service-scheduled")))
                    .containsEntry("MessagingServiceSid", Calls.SERVICE)
                    .containsEntry("SendAt", "2026-12-01T09:00:00Z")
                    .containsEntry("ScheduleType", "fixed")
                    .doesNotContainKey("number_from");
        }

        @Test
        void without_a_task_id_lambdas_request_id_makes_a_retry_the_same_task() throws Exception {
            Map<String, Object> first = direct(SendEvents.read("send-direct-source-names"));
            Map<String, Object> retried = direct(SendEvents.read("send-direct-source-names"));

            assertThat(first).containsEntry("task_id", TestContext.REQUEST_ID);
            assertThat(retried).isEqualTo(first);
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void incident_30_of_an_execution_without_a_task_id_every_retry_is_the_same_task() throws Exception {
            byte[] call = SendEvents.read("send-step-functions-empty-task-id");
            String execution = "f301e0fc79aa65f719d8ff9a05caef3ba48b14184b131a86b55391781d3fe1c2";

            // Not Lambda's request id, which differs for each retry.
            assertThat(direct(call)).containsEntry("task_id", execution);
            assertThat(direct(call)).containsEntry("task_id", execution);
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        /**
         * Anybody may have written the input: beside the state machine's own name it is a call to send and nothing
         * else.
         */
        @ParameterizedTest
        @ValueSource(strings = {"read", "cancel", "erase", "poll", "requestContext", "Records"})
        void what_an_execution_hands_over_is_never_more_than_a_call_to_send(String name) throws Exception {
            Throwable thrown = thrown(Json.write(callWith("execution_task_id", "execution-1", name, "order-4711")));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.send.InvalidTask");
            assertThat(thrown.getMessage()).contains("\"field\":\"" + name + "\"", "is not a parameter");
            assertThat(fixture.store.calls()).isEmpty();
        }

        @Test
        void an_http_event_as_the_input_of_an_execution_is_no_http_event() throws Exception {
            Throwable thrown = thrown(SendEvents.read("send-step-functions-http-event"));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.send.InvalidTask");
            assertThat(thrown.getMessage()).contains("requestContext");
            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @Test
        void what_aws_tells_parents_to_put_into_an_input_is_passed_over() throws Exception {
            Map<String, Object> call = callWith(
                    "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID", "arn:aws:states:1", "AWS_STEP_FUNCTIONS_", Map.of());

            assertThat(direct(Json.write(call))).containsEntry("sid", SID);
            assertThat(direct(Json.write(Map.of("read", "order-4711", "AWS_STEP_FUNCTIONS_X", 1))))
                    .containsEntry("sid", SID);
            assertThat(http(SendEvents.readWith("send-http-v2", "body", Json.writeText(call)))
                            .status())
                    .isEqualTo(400);
        }

        @Test
        void incident_24_an_escalation_is_data_not_an_exception() throws Exception {
            fixture.twilio.answering(INVALID_NUMBER);

            assertThat(direct(SendEvents.read("send-direct")))
                    .containsEntry("node", "Escalation")
                    .containsEntry("code", "21211");
        }

        @Test
        void a_task_is_read_and_a_missing_one_is_data_too() throws Exception {
            assertThat(direct(SendEvents.read("read-task-direct"))).containsEntry("code", "not_found");

            Map<String, Object> sent = direct(SendEvents.read("send-direct"));

            assertThat(direct(SendEvents.read("read-task-direct"))).isEqualTo(sent);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"read\":7}",
                    "{\"read\":null}",
                    "{\"read\":\"\\ud83d\",\"body\":1}",
                    "{\"body\":\"\\ud83d\"}",
                    "{\"\\ud83d\":1}",
                    "{\"read\":\"order-4711\",\"number_to\":\"+15558675310\"}",
                    "{}",
                    "[]",
                    "{",
                    "\"order-4711\""
                })
        void what_cannot_be_a_call_is_thrown_as_invalid(String payload) throws Exception {
            Throwable thrown = thrown(payload.getBytes(UTF_8));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.send.InvalidTask");
            assertThat(Json.parseObject(thrown.getMessage()))
                    .containsEntry("code", "invalid_task")
                    .containsKeys("message", "problems");
            assertThat(fixture.store.calls()).isEmpty();
        }

        @Test
        void more_than_64_kb_are_invalid() throws Exception {
            Throwable thrown = thrown(Json.write(callWith("body", "x".repeat(65536))));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.send.InvalidTask");
            assertThat(thrown.getMessage()).contains("64 KB");
        }

        @Test
        void more_than_64_kb_are_invalid_for_a_read_too() {
            String payload = "{\"read\":\"order-4711\"" + " ".repeat(65536) + "}";

            Throwable thrown = thrown(payload.getBytes(UTF_8));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.send.InvalidTask");
            assertThat(thrown.getMessage()).contains("64 KB");
            assertThat(fixture.store.calls()).isEmpty();
        }

        @Test
        void other_parameters_under_a_known_id_are_thrown_as_a_conflict() throws Exception {
            direct(SendEvents.read("send-direct"));

            Throwable thrown = thrown(Json.write(callWith("body", "Another text.")));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.send.TaskConflict");
            assertThat(Json.parseObject(thrown.getMessage()))
                    .containsOnlyKeys("code", "message")
                    .containsEntry("code", "task_conflict");
        }

        @Test
        void a_repeat_during_the_call_is_thrown_as_in_progress() throws Exception {
            List<Throwable> thrown = new ArrayList<>();
            fixture.whileTwilioWorks(() -> thrown.add(thrown(Json.write(call()))));

            direct(Json.write(call()));

            assertThat(thrown).hasSize(1);
            assertThat(thrown.get(0).getClass().getName()).isEqualTo("io.smstask.send.TaskInProgress");
            assertThat(Json.parseObject(thrown.get(0).getMessage()))
                    .containsEntry("code", "task_in_progress")
                    .containsEntry("task_id", "order-4711")
                    .containsKey("message");
        }

        @ParameterizedTest
        @CsvSource({"send-direct, CLAIM", "read-task-direct, FIND"})
        void without_the_store_its_name_tells_that_twilio_was_not_called(String event, Call call) throws Exception {
            fixture.store.failOnce(call);

            Throwable thrown = thrown(SendEvents.read(event));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.task.StoreUnavailable");
            assertThat(Json.parseObject(thrown.getMessage())).containsEntry("code", "store_unavailable");
            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"send-direct, CLAIM", "read-task-direct, FIND"})
        void a_fault_of_the_configuration_is_thrown_by_its_name(String event, Call call) throws Exception {
            fixture.store.before(call, () -> {
                throw new Misconfigured("the test's store refuses", new IllegalStateException("+15558675310"));
            });

            Throwable thrown = thrown(SendEvents.read(event));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.task.Misconfigured");
            assertThat(thrown).hasNoCause();
            assertThat(Json.parseObject(thrown.getMessage())).containsEntry("code", "misconfigured");
            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"send-direct, CLAIM", "read-task-direct, FIND"})
        void a_stored_task_that_cannot_be_read_is_thrown_by_its_name_alone(String event, Call call) throws Exception {
            fixture.store.before(call, () -> {
                throw new UnreadableTask(Calls.ID);
            });

            Throwable thrown = thrown(SendEvents.read(event));

            assertThat(thrown.getClass().getName()).isEqualTo("io.smstask.task.UnreadableTask");
            assertThat(context.lines()).isEqualTo("{\"message\":\"unreadable_task\",\"task_id\":\"order-4711\"}\n");
            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @Test
        void a_bug_is_logged_by_its_class_and_thrown_on() {
            fixture.whileTwilioWorks(() -> {
                throw new IllegalStateException("about +15558675310");
            });

            assertThatThrownBy(() -> direct(Json.write(call()))).isInstanceOf(IllegalStateException.class);

            assertThat(context.lines())
                    .isEqualTo("{\"message\":\"failed\",\"error\":\"java.lang.IllegalStateException\"}\n");
        }
    }

    /** Incident 28: Lambda logs the message of what a handler throws, so an error's text counts as logged. */
    @Nested
    class Privacy {

        private final StringBuilder seen = new StringBuilder();

        @Test
        void a_line_names_the_task_and_where_it_stands() throws Exception {
            direct(SendEvents.read("send-direct"));

            assertThat(context.lines()).isEqualTo("""
                    {"message":"sent","task_id":"order-4711","node":"Waiting for Callback",\
                    "sid":"SM00000000000000000000000000000001","status":"queued",\
                    "AccountSid":"AC00000000000000000000000000000001","accepted":1,"segments":1,"time_to_accepted":0}
                    """);
        }

        @Test
        void incident_28_no_event_leaves_token_key_number_or_text_in_log_or_error() throws Exception {
            for (byte[] payload : SendEvents.ofSendFunctionAndTheirBodies()) {
                run(payload, accepted("on its way"));
                run(payload, INVALID_NUMBER);
                run(payload, new Incomplete(Optional.empty()));
                run(payload, new Unknown(new CallError(CallFailure.TIMEOUT, "No answer.")));
            }

            assertThat(seen)
                    .contains("order-4711", "invalid_task", "task_in_progress", "task_conflict", "store_unavailable")
                    .doesNotContain(
                            Calls.TOKEN,
                            "fedcba98",
                            "1555867",
                            "1500555",
                            "on its way",
                            "\u0412\u0430\u0448",
                            "xxxx",
                            "green");
        }

        @Test
        void what_the_sdk_says_of_an_outage_is_not_thrown_to_lambda() throws Exception {
            fixture.store.before(Call.CLAIM, () -> {
                throw new StoreUnavailable("in time", new IllegalStateException("unexpected token '+15558675310'"));
            });

            Throwable thrown = thrown(SendEvents.read("send-direct"));

            assertThat(thrown).isInstanceOf(StoreUnavailable.class).hasNoCause();
            assertThat(context.lines()).contains("IllegalStateException").doesNotContain("1555");
        }

        /** Sends, repeats during the call and after it, asks for something else, and loses the store. */
        private void run(byte[] payload, TwilioAnswer answer) {
            SendFixture own = SendFixture.withSecret(SendFixture.secret(Calls.TOKEN));
            SendHandler ownHandler = new SendHandler(own.wiring());
            own.whileTwilioWorks(() -> {
                own.twilioAlwaysAnswers(
                        quoting(answer, own.twilio.asked().get(0).statusCallback()));
                own.whileTwilioWorks(() -> {});
                note(ownHandler, payload);
            });
            note(ownHandler, payload);
            note(ownHandler, payload);
            note(
                    ownHandler,
                    new String(payload, UTF_8)
                            .replace("on its way", "on its way!")
                            .getBytes(UTF_8));
            for (Call call : Call.values()) {
                own.store.failOnce(call);
            }
            note(ownHandler, payload);
            own.twilio
                    .asked()
                    .forEach(asked -> assertThat(seen)
                            .doesNotContain(asked.statusCallback().split("/")[5]));
        }

        private void note(SendHandler ownHandler, byte[] payload) {
            TestContext own = new TestContext(SendFixture.FUNCTION_TIMEOUT);
            Throwable thrown = catchThrowable(() -> ownHandler.answer(payload, own.invocation()));
            seen.append(own.logged());
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                seen.append(cause.getMessage()).append('\n');
            }
        }

        private static TwilioAnswer accepted(String status) {
            return SampleSms.accepted(new MessageSid(SID), status);
        }

        /** A refusal whose text quotes everything that Twilio was sent. */
        private TwilioAnswer quoting(TwilioAnswer answer, String statusCallback) {
            if (!answer.equals(INVALID_NUMBER)) {
                return answer;
            }
            String all = String.join(" ", statusCallback, Calls.TOKEN, Calls.TO, Calls.FROM, Calls.BODY);
            return SampleSms.refused(
                    400, new TwilioError("21211", all, Optional.of("https://example.com/" + all), Retryable.NO));
        }
    }

    private HttpReply http(byte[] event) throws IOException, BadJson {
        Map<String, Object> response = Json.parseObject(bytes(event));
        assertThat(response).containsOnlyKeys("statusCode", "headers", "body", "isBase64Encoded");
        return new HttpReply(
                (int) response.get("statusCode"), object(response.get("headers")), Json.parseObject((String)
                        response.get("body")));
    }

    private Map<String, Object> direct(byte[] payload) throws IOException, BadJson {
        return Json.parseObject(bytes(payload));
    }

    private Throwable thrown(byte[] payload) {
        return catchThrowable(() -> bytes(payload));
    }

    private byte[] bytes(byte[] payload) {
        return handler.answer(payload, context.invocation());
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }
}
