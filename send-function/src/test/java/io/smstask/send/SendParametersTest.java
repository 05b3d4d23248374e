package io.smstask.send;

import static io.smstask.send.Calls.BODY;
import static io.smstask.send.Calls.FROM;
import static io.smstask.send.Calls.ID;
import static io.smstask.send.Calls.MADE_BY_US;
import static io.smstask.send.Calls.SERVICE;
import static io.smstask.send.Calls.TO;
import static io.smstask.send.Calls.TOKEN;
import static io.smstask.send.Calls.call;
import static io.smstask.send.Calls.callWith;
import static io.smstask.send.Calls.callWithout;
import static io.smstask.send.Calls.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.TaskId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call may contain, and how its problems are reported. */
final class SendParametersTest {

    private static final String EMOJI = "\uD83D\uDE9A";
    private static final String NOT_WELL_FORMED =
            "must not contain half of a surrogate pair, or a number with so large an exponent";
    private static final TaskId EXECUTION =
            new TaskId("f301e0fc79aa65f719d8ff9a05caef3ba48b14184b131a86b55391781d3fe1c2");

    @Test
    void a_call_is_read_under_the_names_of_the_original_process() {
        SendCommand command = command(call());

        assertThat(command.id()).isEqualTo(ID);
        assertThat(command.account()).contains(SampleSms.ACCOUNT);
        assertThat(command.authToken()).contains(new AuthToken(TOKEN));
        assertThat(command.to()).isEqualTo(new PhoneNumber(TO));
        assertThat(command.from()).contains(new PhoneNumber(FROM));
        assertThat(command.body()).contains(new MessageText(BODY));
        assertThat(command.further()).isEmpty();
        assertThat(command.context()).isEmpty();
    }

    @Test
    void a_second_token_for_signatures_stands_beside_the_first() {
        assertThat(command(call()).signingAuthToken()).isEmpty();
        assertThat(command(callWith("SigningAuthToken", "")).signingAuthToken()).isEmpty();
        assertThat(command(callWith("SigningAuthToken", "f".repeat(32))).signingAuthToken())
                .contains(new AuthToken("f".repeat(32)));
    }

    @Test
    void the_names_that_the_original_page_prints_mean_the_same() {
        Map<String, Object> call = callWithout("number_to", "number_from", "body");
        call.put("Number_to", TO);
        call.put("Number_from", FROM);
        call.put("Body", BODY);

        assertThat(command(call)).isEqualTo(command(call()));
    }

    @Test
    void both_spellings_at_once_are_one_value_if_they_agree() {
        assertThat(command(callWith("Number_to", TO, "Number_from", FROM, "Body", BODY)))
                .isEqualTo(command(call()));
    }

    @ParameterizedTest
    @CsvSource({"Number_to, number_to", "Number_from, number_from", "Body, body"})
    void both_spellings_at_once_are_refused_if_they_differ(String spelling, String field) {
        assertThat(problems(callWith(spelling, "something else")))
                .containsExactly(field + " is given in both spellings with different values");
    }

    @ParameterizedTest
    @CsvSource({
        "MessagingServiceSid, MG00000000000000000000000000000001",
        "MediaUrl, https://example.com/cat.jpg",
        "ContentSid, HX00000000000000000000000000000001",
        "ValidityPeriod, 60",
        "SmartEncoded, true",
        "ShortenUrls, false",
        "SendAsMms, true",
        "RiskCheck, disable",
        "ContentRetention, discard",
        "AddressRetention, obfuscate",
        "FallbackFrom, +15005550006"
    })
    void twilios_further_parameters_pass_under_their_own_names(String name, String value) {
        assertThat(command(callWith(name, value)).further()).containsExactly(Map.entry(name, List.of(value)));
    }

    @Test
    void a_schedule_passes_with_a_messaging_service() {
        Map<String, Object> call =
                callWith("MessagingServiceSid", SERVICE, "ScheduleType", "fixed", "SendAt", "2026-12-01T09:00:00Z");

        assertThat(command(call).further())
                .containsEntry("ScheduleType", List.of("fixed"))
                .containsEntry("SendAt", List.of("2026-12-01T09:00:00Z"));
    }

    /** Calls that Twilio would accept, and do something else with. */
    static Stream<Arguments> halves_of_a_group() {
        String at = "2026-12-01T09:00:00Z";
        String all = ": Twilio schedules only with ScheduleType, SendAt and MessagingServiceSid together";
        return Stream.of(
                arguments("SendAt needs ScheduleType" + all, callWith("number_from", SERVICE, "SendAt", at)),
                arguments("SendAt needs ScheduleType and MessagingServiceSid" + all, callWith("SendAt", at)),
                arguments("ScheduleType needs SendAt" + all, callWith("number_from", SERVICE, "ScheduleType", "fixed")),
                arguments("ScheduleType needs SendAt and MessagingServiceSid" + all, callWith("ScheduleType", "fixed")),
                arguments(
                        "SendAt needs MessagingServiceSid" + all,
                        callWith("ScheduleType", "fixed", "SendAt", at, "MessagingServiceSid", "")),
                arguments(
                        "SendAt needs ScheduleType" + all,
                        callWith("MessagingServiceSid", SERVICE, "SendAt", at, "ScheduleType", null)),
                arguments(
                        "ShortenUrls needs MessagingServiceSid: without it Twilio shortens nothing",
                        callWith("ShortenUrls", true)),
                arguments(
                        "ShortenUrls needs MessagingServiceSid: without it Twilio shortens nothing",
                        callWith("ShortenUrls", "True")),
                arguments(
                        "ContentVariables needs ContentSid, the template to fill",
                        callWith("ContentVariables", "{\"1\":\"Ada\"}")),
                arguments(
                        "ContentVariables needs ContentSid, the template to fill",
                        callWith("ContentVariables", "{\"1\":\"Ada\"}", "ContentSid", "", "body", "")),
                // The missing messaging service is a sender too: one problem, not two.
                arguments(
                        "SendAt needs ScheduleType and MessagingServiceSid" + all,
                        callWith("SendAt", at, "number_from", null)),
                // The other half is there but wrong: that is the only problem.
                arguments(
                        "ScheduleType must be a string",
                        callWith("number_from", SERVICE, "SendAt", at, "ScheduleType", 1)),
                arguments(
                        "MessagingServiceSid must be MG and 32 hexadecimal digits",
                        callWith("MessagingServiceSid", "MG1", "ShortenUrls", true)),
                arguments(
                        "MessagingServiceSid must be a string",
                        callWith("MessagingServiceSid", 1, "ShortenUrls", true)),
                arguments(
                        "ContentSid must be HX and 32 hexadecimal digits",
                        callWith("ContentSid", "HX1", "ContentVariables", "{}")),
                arguments("ContentSid must be a string", callWith("ContentSid", 1, "ContentVariables", "{}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("halves_of_a_group")
    void incident_34_half_of_a_group_is_refused_with_what_it_needs(String problem, Map<String, Object> call) {
        assertThat(problems(call)).containsExactly(problem);
    }

    @Test
    void all_halves_are_told_at_once() {
        Map<String, Object> call =
                callWith("SendAt", "2026-12-01T09:00:00Z", "ShortenUrls", true, "ContentVariables", "{}");

        assertThat(fields(invalid(call, null))).containsExactlyInAnyOrder("SendAt", "ShortenUrls", "ContentVariables");
    }

    @ParameterizedTest
    @ValueSource(strings = {"number_from", "MessagingServiceSid"})
    void whole_groups_pass_wherever_the_messaging_service_stands(String place) {
        Map<String, Object> call = callWith(
                "SendAt", "2026-12-01T09:00:00Z", "ScheduleType", "fixed", "ShortenUrls", true, place, SERVICE);
        call.putAll(Map.of("ContentSid", "HX" + "0".repeat(32), "ContentVariables", "{}"));

        assertThat(command(call).further())
                .containsOnlyKeys(
                        "SendAt",
                        "ScheduleType",
                        "ShortenUrls",
                        "MessagingServiceSid",
                        "ContentSid",
                        "ContentVariables");
    }

    @Test
    void numbers_and_booleans_of_json_become_twilios_texts() {
        Map<String, Object> call = callWith("ValidityPeriod", 60, "SmartEncoded", true, "SendAsMms", false);

        assertThat(command(call).further())
                .containsEntry("ValidityPeriod", List.of("60"))
                .containsEntry("SmartEncoded", List.of("true"))
                .containsEntry("SendAsMms", List.of("false"));
    }

    @Test
    void several_media_keep_their_order() {
        List<String> urls = new ArrayList<>();
        for (int i = 10; i > 0; i--) {
            urls.add("https://example.com/" + i + ".jpg");
        }

        assertThat(command(callWith("MediaUrl", urls)).further()).containsEntry("MediaUrl", urls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MediaUrl", "ContentSid"})
    void media_or_content_may_stand_in_for_a_body(String name) {
        Map<String, Object> call = callWithout("body");
        call.put(name, name.equals("MediaUrl") ? "https://example.com/a.jpg" : "HX" + "0".repeat(32));

        assertThat(command(call).body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccountSid",
                "AuthToken",
                "Number_to",
                "MessagingServiceSid",
                "MediaUrl",
                "ContentSid",
                "ValidityPeriod",
                "SmartEncoded",
                "SendAt",
                "ScheduleType",
                "context"
            })
    void what_is_null_counts_as_left_out(String name) {
        Map<String, Object> call = name.equals("AccountSid") ? callWithout("AuthToken") : call();
        Map<String, Object> without = new HashMap<>(call);
        without.remove(name);
        call.put(name, null);

        assertThat(command(call)).isEqualTo(command(without));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MessagingServiceSid",
                "MediaUrl",
                "ContentSid",
                "SendAt",
                "FallbackFrom",
                "ValidityPeriod",
                "SmartEncoded",
                "Number_to",
                "context"
            })
    void an_empty_text_counts_as_left_out_as_twilio_counts_it(String name) {
        assertThat(command(callWith(name, ""))).isEqualTo(command(call()));
    }

    @Test
    void an_empty_account_and_token_count_as_left_out() {
        assertThat(command(callWith("AccountSid", "", "AuthToken", "")))
                .isEqualTo(command(callWithout("AccountSid", "AuthToken")));
    }

    @Test
    void an_empty_list_of_media_counts_as_left_out() {
        assertThat(command(callWith("MediaUrl", List.of()))).isEqualTo(command(call()));
    }

    /** A caller that maps an empty field into it believes that it is set, and each repeat would be another SMS. */
    @ParameterizedTest
    @NullAndEmptySource
    void incident_30_an_empty_task_id_is_a_problem_and_not_left_out(String id) {
        String problem = "task_id must match [A-Za-z0-9_-]{1,64}, or be left out";

        assertThat(problems(callWith("task_id", id))).containsExactly(problem);
        assertThat(problems(callWith("task_id", id), ID.value())).containsExactly(problem);
        assertThat(problemsOfDirect(callWith("task_id", id))).containsExactly(problem);
    }

    @ParameterizedTest
    @NullAndEmptySource
    void incident_30_an_execution_whose_task_id_is_empty_is_a_task_of_its_own(String id) {
        Map<String, Object> call = callWith("execution_task_id", EXECUTION.value(), "task_id", id);

        assertThat(direct(call).id()).isEqualTo(EXECUTION);
        call.remove("task_id");
        assertThat(direct(call).id()).isEqualTo(EXECUTION);
    }

    @Test
    void an_execution_with_a_task_id_is_that_task() {
        assertThat(direct(callWith("execution_task_id", EXECUTION.value()))).isEqualTo(command(call()));
    }

    @ParameterizedTest
    @MethodSource("texts_that_are_no_task_id")
    void an_execution_with_a_wrong_task_id_is_refused(Object id) {
        assertThat(problemsOfDirect(callWith("execution_task_id", EXECUTION.value(), "task_id", id)))
                .containsExactly("task_id must match [A-Za-z0-9_-]{1,64}, or be left out");
    }

    static Stream<Object> texts_that_are_no_task_id() {
        return Stream.of(" ", "order 4711", 4711, true, List.of(), Map.of());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "")
    @MethodSource("texts_that_are_no_task_id")
    void a_malformed_id_of_the_execution_is_refused_with_or_without_a_task_id(Object id) {
        String problem = "execution_task_id must match [A-Za-z0-9_-]{1,64}";
        Map<String, Object> call = callWith("execution_task_id", id);

        assertThat(problemsOfDirect(call)).containsExactly(problem);
        call.remove("task_id");
        assertThat(problemsOfDirect(call)).containsExactly(problem);
    }

    @Test
    void over_http_nobody_speaks_for_an_execution() {
        assertThat(problems(callWith("execution_task_id", EXECUTION.value())))
                .containsExactly("execution_task_id is not a parameter");
    }

    @Test
    void without_an_execution_a_direct_call_is_read_as_over_http() {
        assertThat(direct(call())).isEqualTo(command(call()));
        assertThat(direct(callWithout("task_id"))).isEqualTo(command(callWithout("task_id")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+15558675310",
                "15558675310",
                "415-867-5309",
                "(415) 867 5309",
                "53079",
                "MyShop 24",
                "MG123",
                "whatsapp:+15558675310",
                "rcs:shop_agent",
                "messenger:1234567890",
                "\u0661\u0662\u0663",
                " "
            })
    void the_shape_of_a_number_is_twilios_to_judge(String number) {
        SendCommand command = command(callWith("number_to", number, "number_from", number));

        assertThat(command.to().value()).isEqualTo(number);
        assertThat(command.from()).contains(new PhoneNumber(number));
    }

    @Test
    void a_messaging_service_in_number_from_is_the_same_call_as_in_its_own_place() {
        Map<String, Object> own = callWithout("number_from");
        own.put("MessagingServiceSid", SERVICE);

        SendCommand moved = command(callWith("number_from", SERVICE));

        assertThat(moved).isEqualTo(command(own));
        assertThat(moved.from()).isEmpty();
        assertThat(command(callWith("number_from", SERVICE, "MessagingServiceSid", SERVICE)))
                .isEqualTo(moved);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e9", EMOJI})
    void sixteen_hundred_characters_pass_whatever_each_takes_in_memory(String character) {
        assertThat(command(callWith("body", character.repeat(1600))).body()).isPresent();
        assertThat(problems(callWith("body", character.repeat(1601))))
                .containsExactly("body must have at most 1600 characters");
    }

    @Test
    void the_context_is_kept_as_it_was_given() throws BadJson {
        String context = "{\"order\":4711,\"price\":1.10,\"note\":null,\"tags\":[true,{\"\u00fc\":\"" + EMOJI
                + "\"}],\"\":\"\"}";

        String kept = command(callWith("context", Json.parseObject(context)))
                .context()
                .orElseThrow();

        assertThat(Json.parseObject(kept)).isEqualTo(Json.parseObject(context));
        assertThat(kept).startsWith("{\"order\":4711,\"price\":1.10,\"note\":null,");
    }

    @Test
    void the_context_may_have_two_kilobytes_counted_as_bytes() {
        // {"k":"…"} takes 8 bytes around the text, and ü takes two.
        assertThat(command(callWith("context", Map.of("k", "\u00fc".repeat(1020))))
                        .context())
                .isPresent();
        assertThat(problems(callWith("context", Map.of("k", "\u00fc".repeat(1020) + "x"))))
                .containsExactly("context must be at most 2048 bytes of JSON");
    }

    @Test
    void the_task_id_may_come_in_the_header_too() {
        Map<String, Object> without = callWithout("task_id");

        assertThat(read(without, "order-4712").id().value()).isEqualTo("order-4712");
        assertThat(read(call(), ID.value()).id()).isEqualTo(ID);
        assertThat(read(without, null).id()).isEqualTo(MADE_BY_US);
    }

    @Test
    void the_task_id_and_the_header_must_agree() {
        assertThat(problems(call(), "order-4712")).containsExactly("task_id differs from the header Idempotency-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "order 4711", "order/4711", "\u00f6", "order-4711\n"})
    void a_header_that_cannot_be_a_task_id_is_named(String header) {
        assertThat(problems(callWithout("task_id"), header))
                .containsExactly("Idempotency-Key must match [A-Za-z0-9_-]{1,64}");
    }

    static Stream<Arguments> calls_with_one_fault() {
        return Stream.of(
                arguments("number_to", callWithout("number_to")),
                arguments("number_to", callWith("number_to", null)),
                arguments("number_to", callWith("number_to", "")),
                arguments("number_to", callWith("number_to", 15558675310L)),
                arguments("number_to", callWith("number_to", List.of(TO))),
                arguments("number_to", callWith("number_to", TO + "\n")),
                arguments("number_to", callWith("number_to", "\0" + TO)),
                arguments("number_to", callWith("number_to", "+1555\u0085867")),
                arguments("number_from", callWithout("number_from")),
                arguments("number_from", callWith("number_from", 53079)),
                arguments("number_from", callWith("number_from", "My\tShop")),
                arguments("body", callWithout("body")),
                arguments("body", callWith("body", "")),
                arguments("body", callWith("body", 4711)),
                arguments("body", callWith("body", Map.of("text", BODY))),
                arguments("AccountSid", callWithout("AccountSid")),
                arguments("AccountSid", callWith("AccountSid", "AC4711")),
                arguments("AccountSid", callWith("AccountSid", "SK" + "0".repeat(32))),
                arguments("AccountSid", callWith("AccountSid", "AC" + "g".repeat(32))),
                arguments("AccountSid", callWith("AccountSid", "AC" + "0".repeat(32) + "\n")),
                arguments("AccountSid", callWith("AccountSid", 4711)),
                arguments("AuthToken", callWith("AuthToken", 4711)),
                arguments("MessagingServiceSid", callWith("MessagingServiceSid", "MG4711")),
                arguments("MessagingServiceSid", callWith("MessagingServiceSid", 4711)),
                arguments(
                        "MessagingServiceSid",
                        callWith("number_from", SERVICE, "MessagingServiceSid", "MG" + "2".repeat(32))),
                arguments("ContentSid", callWith("ContentSid", "HX4711")),
                arguments("ContentVariables", callWith("ContentVariables", Map.of("1", "Ada"))),
                arguments("ScheduleType", callWith("ScheduleType", "fixed")),
                arguments("SendAt", callWith("SendAt", "2026-12-01T09:00:00Z")),
                arguments("ValidityPeriod", callWith("ValidityPeriod", new BigDecimal("1.5"))),
                arguments("ValidityPeriod", callWith("ValidityPeriod", true)),
                arguments("SmartEncoded", callWith("SmartEncoded", 1)),
                arguments("MediaUrl", callWith("MediaUrl", 4711)),
                arguments("MediaUrl", callWith("MediaUrl", List.of("https://example.com/a.jpg", 4711))),
                arguments("MediaUrl", callWith("MediaUrl", List.of(""))),
                arguments("MediaUrl", callWith("MediaUrl", Collections.nCopies(11, "https://example.com/a.jpg"))),
                arguments("context", callWith("context", "order 4711")),
                arguments("context", callWith("context", List.of("order"))),
                arguments("task_id", callWith("task_id", "order 4711")),
                arguments("task_id", callWith("task_id", "o".repeat(65))),
                arguments("task_id", callWith("task_id", 4711)),
                arguments("SigningAuthToken", callWith("SigningAuthToken", 4711)),
                arguments("SigningAuthToken", callWith("AuthToken", "", "SigningAuthToken", "secret-1")),
                arguments("AuthToken", callWith("AuthToken", 4711, "SigningAuthToken", "secret-1")),
                arguments("colour", callWith("colour", "green")),
                arguments("Number_To", callWith("Number_To", TO)),
                arguments("StatusCallback", callWith("StatusCallback", "https://example.com/hook")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("calls_with_one_fault")
    void one_fault_is_one_problem_with_its_field(String field, Map<String, Object> call) {
        assertThat(problems(call)).singleElement().asString().startsWith(field + " ");
    }

    @Test
    void everything_that_is_wrong_is_told_at_once_and_nothing_of_what_was_given() {
        Map<String, Object> call = callWith("number_from", "\nsecret-0");
        call.putAll(Map.of(
                "AccountSid", "AC-secret-1",
                "AuthToken", List.of("secret-2"),
                "number_to", "secret-3\n",
                "body", Map.of("secret-4", "secret-5"),
                "SendAt", "secret-6",
                "context", "secret-7",
                "MediaUrl", List.of(List.of("secret-8")),
                "task_id", "secret 9"));
        call.put("Number_to", "secret-10");
        call.put("colour", "secret-11");

        InvalidTask invalid = invalid(call, "secret 12");

        assertThat(fields(invalid))
                .containsExactlyInAnyOrder(
                        "AccountSid",
                        "AuthToken",
                        "number_to",
                        "number_to",
                        "number_from",
                        "body",
                        "SendAt",
                        "context",
                        "MediaUrl",
                        "task_id",
                        "task_id",
                        "Idempotency-Key",
                        "colour");
        assertThat(invalid.json()).containsEntry("code", "invalid_task");
        assertThat(invalid.getMessage())
                .isEqualTo(Json.writeText(invalid.json()))
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"colour", "StatusCallback", "_", "id", "mode", "text", "to.number", "ForceDelivery"})
    void an_unknown_name_is_told(String name) {
        assertThat(problems(callWith(name, "green"))).containsExactly(name + " is not a parameter");
    }

    @ParameterizedTest
    @CsvSource({
        "To, number_to",
        "to, number_to",
        "FROM, number_from",
        "Number_From, number_from",
        "numberTo, number_to",
        "number-to, number_to",
        "number_form, number_from",
        "nubmer_to, number_to",
        "Bodyy, body",
        "BODY, body",
        "account_sid, AccountSid",
        "authToken, AuthToken",
        "taskId, task_id",
        "tsak_id, task_id",
        "Context, context",
        "messaging_service_sid, MessagingServiceSid",
        "MessageServiceSid, MessagingServiceSid",
        "media_urls, MediaUrl",
        "media-url2, MediaUrl",
        "ContentVariable, ContentVariables",
        "sendat, SendAt"
    })
    void an_unknown_name_is_told_with_the_one_that_was_probably_meant(String name, String meant) {
        assertThat(problems(callWith(name, "green")))
                .containsExactly(name + " is not a parameter; did you mean " + meant + "?");
    }

    @Test
    void what_was_given_under_a_wrong_name_is_not_missing_as_well() {
        assertThat(problems(Map.of("To", TO, "From", FROM, "BODY", BODY)))
                .containsExactlyInAnyOrder(
                        "To is not a parameter; did you mean number_to?",
                        "From is not a parameter; did you mean number_from?",
                        "BODY is not a parameter; did you mean body?");
    }

    /** UTF-8 cannot encode half of a surrogate pair: Twilio would get a question mark. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccountSid",
                "AuthToken",
                "number_to",
                "Number_from",
                "body",
                "MessagingServiceSid",
                "ContentSid",
                "ContentVariables",
                "SendAt",
                "FallbackFrom"
            })
    void incident_35_half_of_a_surrogate_pair_is_a_problem_of_its_field(String name) {
        String field = name.equals("Number_from") ? "number_from" : name;
        Map<String, Object> call = callWithout("number_from");
        call.put("number_from", name.equals("Number_from") ? null : FROM);

        for (String half : List.of("\uD83D", "a\uDE9A", "\uDE9A\uD83D")) {
            call.put(name, half);

            assertThat(problems(call)).containsExactly(field + " " + NOT_WELL_FORMED);
        }
    }

    @Test
    void incident_35_half_of_a_surrogate_pair_is_found_in_media_and_context() {
        Map<String, Object> call = callWith(
                "MediaUrl",
                List.of("https://example.com/a.jpg", "\uD83D"),
                "context",
                Map.of("a", List.of(Map.of("\uDE9A", 1))),
                "task_id",
                "\uD83D");

        assertThat(problems(call))
                .containsExactlyInAnyOrder(
                        "MediaUrl " + NOT_WELL_FORMED, "context " + NOT_WELL_FORMED, "task_id " + NOT_WELL_FORMED);
        assertThat(problems(callWith("\uD83D", "green")))
                .containsExactly("(a name of 1 characters) is not a parameter");
    }

    @Test
    void a_number_that_cannot_be_written_again_is_a_problem_of_the_context() {
        assertThat(problems(callWith("context", Map.of("a", new BigDecimal("1E+99999")))))
                .containsExactly("context " + NOT_WELL_FORMED);
    }

    /** Callers mix up names and values, and Lambda logs what is thrown to a direct call. */
    @ParameterizedTest
    @ValueSource(strings = {Calls.TOKEN, Calls.TO, Calls.BODY, "whatsapp:+49", "4711", "a12345", EMOJI, " ", ""})
    void what_does_not_look_like_a_name_is_not_told(String name) {
        assertThat(problems(callWith(name, "green")))
                .containsExactly("(a name of " + name.length() + " characters) is not a parameter");
    }

    @Test
    void an_endless_name_is_not_told() {
        assertThat(problems(callWith("x".repeat(65), "green")))
                .containsExactly("(a name of 65 characters) is not a parameter");
    }

    @Test
    void a_command_prints_nothing_private() {
        Map<String, Object> call =
                callWith("MediaUrl", "https://example.com/secret-1", "context", Map.of("a", "secret-2"));

        assertThat(read(call, null).toString())
                .contains("order-4711")
                .doesNotContain("secret", Calls.TOKEN, Calls.TO, Calls.FROM, Calls.BODY);
    }

    private static SendCommand read(Map<String, Object> call, String idempotencyKey) {
        return idempotencyKey == null
                ? SendParameters.read(call, MADE_BY_US)
                : SendParameters.read(call, idempotencyKey, MADE_BY_US);
    }

    private static SendCommand direct(Map<String, Object> call) {
        return SendParameters.readDirect(call, MADE_BY_US);
    }

    private static InvalidTask invalid(Map<String, Object> call, String idempotencyKey) {
        return catchThrowableOfType(InvalidTask.class, () -> read(call, idempotencyKey));
    }

    private static List<String> problems(Map<String, Object> call) {
        return problems(call, null);
    }

    private static List<String> problems(Map<String, Object> call, String idempotencyKey) {
        return problems(invalid(call, idempotencyKey));
    }

    private static List<String> problemsOfDirect(Map<String, Object> call) {
        return problems(catchThrowableOfType(InvalidTask.class, () -> direct(call)));
    }

    /** Each problem as "field message". */
    private static List<String> problems(InvalidTask invalid) {
        return list(invalid).stream()
                .map(problem -> problem.get("field") + " " + problem.get("message"))
                .toList();
    }

    private static List<Object> fields(InvalidTask invalid) {
        return list(invalid).stream()
                .<Object>map(problem -> problem.get("field"))
                .toList();
    }

    @SuppressWarnings("unchecked") // as InvalidTask writes it
    private static List<Map<String, Object>> list(InvalidTask invalid) {
        return (List<Map<String, Object>>) invalid.json().get("problems");
    }
}
