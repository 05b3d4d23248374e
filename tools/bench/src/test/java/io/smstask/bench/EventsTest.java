package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static final String URL = "https://callbacks.example.com/nvp/callback/KEY/bench-1000000";

    private final Events events = new Events(Template.find().resolveSibling("events"));

    EventsTest() throws IOException {}

    @Test
    void every_task_has_an_id_of_its_own_and_all_are_of_one_length() {
        assertThat(Events.task(0)).isNotEqualTo(Events.task(1)).hasSameSizeAs(Events.task(9_999));
    }

    @Test
    void a_bad_task_is_a_good_one_without_its_recipient() throws BadJson {
        Map<String, Object> good = body(events.send("bench-1000000"));
        Map<String, Object> bad = body(events.badSend("bench-1000000"));

        assertThat(good).containsEntry("task_id", "bench-1000000").containsKey("number_to");
        assertThat(good).as("the secret has them").doesNotContainKeys("AccountSid", "AuthToken");
        good.remove("number_to");
        assertThat(bad).isEqualTo(good);
    }

    @Test
    void a_callback_comes_to_the_path_of_its_message_and_names_message_and_status() throws BadJson {
        Map<String, Object> event = Json.parseObject(events.callback(URL + "#rc=3", "SM1", "delivered", true));

        assertThat(event).containsEntry("rawPath", "/nvp/callback/KEY/bench-1000000");
        assertThat(event.get("pathParameters")).isEqualTo(Map.of("callback_key", "KEY", "task_id", "bench-1000000"));
        assertThat(new String(Base64.getDecoder().decode(String.valueOf(event.get("body"))), StandardCharsets.UTF_8))
                .contains("MessageSid=SM1&MessageStatus=delivered");
    }

    @Test
    void a_forged_callback_differs_by_its_signature_only() {
        String genuine = events.callback(URL, "SM1", "delivered", true);
        String forged = events.callback(URL, "SM1", "delivered", false);

        assertThat(forged).isNotEqualTo(genuine);
        assertThat(withoutSignature(forged)).isEqualTo(withoutSignature(genuine));
    }

    @Test
    void an_answer_to_an_http_event_has_a_status() {
        assertThat(Events.status("{\"statusCode\":201}")).isEqualTo(201);
        assertThat(Events.status("{}")).isZero();
    }

    private static String withoutSignature(String event) {
        return event.replaceAll("\"x-twilio-signature\":\"[^\"]+\"", "");
    }

    private static Map<String, Object> body(String event) throws BadJson {
        return Json.parseObject(String.valueOf(Json.parseObject(event).get("body")));
    }
}
