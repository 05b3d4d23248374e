package io.smstask.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpEventsTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "callback-delivered",
                "callback-delivered-v1",
                "callback-delivered-base64",
                "callback-delivered-function-url"
            })
    void a_callback_is_the_same_request_in_every_event_shape(String event) throws Exception {
        HttpRequest request = HttpEvents.request(event(event));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.lastSegments(2)).containsExactly(KEY, "order-4711");
        assertThat(request.header("x-twilio-signature")).contains("AP+KU67B1MGr+R6+gn0rWcG2CIs=");
        assertThat(request.hasContentType("application/x-www-form-urlencoded")).isTrue();
        assertThat(new String(request.body(), StandardCharsets.UTF_8))
                .startsWith("RawDlrDoneDate=2611240900&SmsSid=SM")
                .contains("&To=%2B15558675310&");
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-http-v1", "send-http-v2", "send-http-v2-base64", "send-function-url"})
    void a_task_is_the_same_request_in_every_event_shape(String event) throws Exception {
        assertThat(HttpEvents.isHttp(event(event))).isTrue();
        HttpRequest request = HttpEvents.request(event(event));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.lastSegments(1)).containsExactly("tasks");
        assertThat(request.hasContentType("application/json")).isTrue();
        assertThat(Json.parseObject(request.body())).containsEntry("AccountSid", "AC00000000000000000000000000000001");
    }

    @Test
    void a_read_has_no_body() throws Exception {
        HttpRequest request = HttpEvents.request(event("read-task-http-v2"));

        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.lastSegments(2)).containsExactly("tasks", "order-4711");
        assertThat(request.body()).isEmpty();
        assertThat(request.hasContentType("application/json")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-direct", "send-direct-source-names", "read-task-direct", "send-step-functions"})
    void a_direct_invocation_is_not_http(String event) throws Exception {
        assertThat(HttpEvents.isHttp(event(event))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                "{\"requestContext\":{\"http\":{\"method\":\"GET\"}},\"rawPath\":null,\"headers\":null,\"body\":null,"
                        + "\"isBase64Encoded\":null}",
                "{\"requestContext\":{},\"httpMethod\":\"GET\"}",
                "{\"requestContext\":{},\"httpMethod\":\"GET\",\"path\":null,\"headers\":null,"
                        + "\"multiValueHeaders\":null,\"body\":null,\"isBase64Encoded\":null}"
            })
    void what_an_event_leaves_out_is_empty(String event) throws Exception {
        HttpRequest request = HttpEvents.request(Json.parseObject(event));

        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEmpty();
        assertThat(request.headers()).isEmpty();
        assertThat(request.body()).isEmpty();
    }

    @Test
    void headers_are_found_in_any_case() throws BadJson {
        HttpRequest request = HttpEvents.request(
                Json.parseObject(
                        "{\"requestContext\":{},\"headers\":{\"X-TWILIO-SIGNATURE\":\"s\",\"content-TYPE\":\"Application/JSON ; charset=x\"}}"));

        assertThat(request.header("x-twilio-signature")).contains("s");
        assertThat(request.hasContentType("application/json")).isTrue();
        assertThat(request.header("authorization")).isEmpty();
    }

    /** As API Gateway itself does for payload 2.0: taking one of two values would hide the other. */
    @Test
    void a_header_that_is_given_twice_has_both_values_whatever_their_case() throws BadJson {
        HttpRequest request = HttpEvents.request(
                Json.parseObject("{\"requestContext\":{},\"headers\":{\"A\":\"single\",\"B\":\"last\"},"
                        + "\"multiValueHeaders\":{\"B\":[\"first\",\"last\"],\"C\":[],\"D\":null,\"E\":[null],"
                        + "\"F\":[\"1\"],\"f\":[\"2\"]}}"));

        assertThat(request.headers()).isEqualTo(Map.of("a", "single", "b", "first,last", "e", "", "f", "1,2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"not base64!", "YQ==YQ==", "YQ=", "Y\nQ=="})
    void a_body_that_only_claims_to_be_base64_is_refused_and_not_quoted(String body) {
        for (Map<String, Object> context : List.<Map<String, Object>>of(Map.of(), Map.of("http", Map.of()))) {
            Map<String, Object> event = Map.of("requestContext", context, "body", body, "isBase64Encoded", true);

            assertThatThrownBy(() -> HttpEvents.request(event))
                    .isInstanceOf(BadJson.class)
                    .hasMessage("the body is not base64");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "[]", "7", "true", "\"\\ud83d\""})
    void a_body_that_is_no_text_is_refused_and_not_quoted(String body) throws BadJson {
        for (String context : List.of("{}", "{\"http\":{}}")) {
            Map<String, Object> event = Json.parseUnchecked(
                    ("{\"requestContext\":" + context + ",\"body\":" + body + "}").getBytes(StandardCharsets.UTF_8));

            assertThatThrownBy(() -> HttpEvents.request(event))
                    .isInstanceOf(BadJson.class)
                    .hasMessageStartingWith("the event's body ");
        }
    }

    @Test
    void the_bytes_of_a_base64_body_are_taken_as_they_are() throws BadJson {
        HttpRequest request = HttpEvents.request(
                Json.parseObject("{\"requestContext\":{\"http\":{}},\"body\":\"/wD+\",\"isBase64Encoded\":true}"));

        assertThat(request.body()).containsExactly(0xFF, 0x00, 0xFE);
    }

    @ParameterizedTest
    @CsvSource({
        "/nvp/callback/key/id, key, id",
        "/prod/nvp/callback/key/id, key, id",
        "/base/path/nvp/callback/key/id, key, id",
        "key/id, key, id",
        "/id, '', id",
        "id, '', id",
        "/, '', ''",
        "'', '', ''",
        "/key/id/, id, ''",
        "//, '', ''",
        "/key//id, '', id"
    })
    void the_last_segments_are_ours_whatever_stands_before(String path, String first, String second) {
        HttpRequest request = new HttpRequest("POST", path, Map.of(), new byte[0]);

        assertThat(request.lastSegments(2)).containsExactly(first, second);
    }

    /** How API Gateway's events show a path, by API, payload format, stage and domain. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            HTTP API, $default stage       | {"version":"2.0","rawPath":"/tasks","requestContext":{"stage":"$default","http":{}}} | /tasks
            function URL                   | {"version":"2.0","rawPath":"/a/tasks","requestContext":{"stage":"$default","http":{}}} | /a/tasks
            HTTP API, named stage          | {"version":"2.0","rawPath":"/prod/tasks","requestContext":{"stage":"prod","apiId":"a1","domainName":"a1.execute-api.eu-west-1.amazonaws.com","http":{}}} | /prod/tasks
            the same, custom domain        | {"version":"2.0","rawPath":"/prod/tasks","requestContext":{"stage":"prod","apiId":"a1","domainName":"sms.example.com","http":{}}} | tasks
            $default stage, custom domain  | {"version":"2.0","rawPath":"/sms/tasks","requestContext":{"stage":"$default","apiId":"a1","domainName":"example.com","http":{}}} | /sms/tasks
            HTTP API, payload 1.0          | {"version":"1.0","path":"/prod/tasks","requestContext":{"stage":"prod","apiId":"a1","domainName":"a1.execute-api.eu-west-1.amazonaws.com","path":"/prod/tasks"}} | /prod/tasks
            the same, custom domain        | {"version":"1.0","path":"/prod/tasks","requestContext":{"stage":"prod","apiId":"a1","domainName":"sms.example.com","path":"/prod/tasks"}} | tasks
            REST API                       | {"path":"/tasks","requestContext":{"stage":"prod","path":"/prod/tasks"}} | /prod/tasks
            REST API, base path mapping    | {"path":"/sms/tasks","requestContext":{"stage":"prod","domainName":"example.com","path":"/sms/tasks"}} | /sms/tasks
            REST API, mapping to the root  | {"path":"/tasks","requestContext":{"stage":"prod","domainName":"example.com","path":"/tasks"}} | /tasks
            an event without its own path  | {"path":"/tasks","requestContext":{}} | /tasks
            another host                   | {"version":"2.0","rawPath":"//example.com/tasks","requestContext":{"stage":"$default","http":{}}} | tasks
            another host's other spelling  | {"version":"2.0","rawPath":"/\\\\example.com/tasks","requestContext":{"stage":"$default","http":{}}} | tasks
            a second header                | {"version":"2.0","rawPath":"/\\r\\nX: 1/tasks","requestContext":{"stage":"$default","http":{}}} | tasks
            no slash                       | {"version":"2.0","rawPath":"tasks","requestContext":{"stage":"$default","http":{}}} | tasks
            """)
    void what_the_caller_called_is_a_path_or_resolves_against_it(String name, String event, String path)
            throws BadJson {
        assertThat(HttpEvents.calledPath(Json.parseObject(event))).isEqualTo(path);
    }

    @Test
    void more_than_64_kb_is_too_large() {
        assertThat(new HttpRequest("POST", "/", Map.of(), new byte[65_536]).isTooLarge())
                .isFalse();
        assertThat(new HttpRequest("POST", "/", Map.of(), new byte[65_537]).isTooLarge())
                .isTrue();
    }

    @Test
    void a_printed_request_shows_neither_key_nor_header_nor_body() throws Exception {
        assertThat(HttpEvents.request(event("callback-delivered"))).hasToString("HttpRequest[POST, 263 bytes]");
    }

    @Test
    void an_answer_is_what_both_payload_formats_take() throws BadJson {
        byte[] answer = HttpEvents.write(
                HttpEvents.json(201, Map.of("Location", "/tasks/order-4711"), Map.of("task_id", "order-4711")));

        assertThat(Json.parseObject(answer))
                .isEqualTo(Map.of(
                        "statusCode",
                        201,
                        "headers",
                        Map.of("Location", "/tasks/order-4711", "Content-Type", "application/json"),
                        "body",
                        "{\"task_id\":\"order-4711\"}",
                        "isBase64Encoded",
                        false));
    }

    @Test
    void an_empty_answer_has_an_empty_body_and_no_headers() throws BadJson {
        assertThat(Json.parseObject(HttpEvents.write(HttpEvents.empty(204))))
                .isEqualTo(Map.of("statusCode", 204, "headers", Map.of(), "body", "", "isBase64Encoded", false));
    }

    private static Map<String, Object> event(String name) throws IOException, BadJson {
        return Json.parseObject(Files.readAllBytes(Path.of("..", "events", name + ".json")));
    }
}
