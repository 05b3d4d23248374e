package io.smstask.local.console;

import static io.smstask.local.console.ConsoleFixture.aTask;
import static io.smstask.local.console.ConsoleFixture.json;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.json.Json;
import io.smstask.simulator.ApiError;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.SimulatedAnswer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's server: what it accepts, shows, sends and controls. */
class ConsoleTest {

    private static ConsoleFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new ConsoleFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    // ---- access

    @ParameterizedTest
    @ValueSource(strings = {"Host: example.com", "Host: localhost.example.com", "Host: 127.0.0.1.example.com:80"})
    void another_host_is_refused(String host) throws IOException {
        for (String request :
                List.of("GET /", "GET /main.js", "GET /api/setup", "POST /api/tasks", "GET /%61pi/setup")) {
            assertThat(fixture.raw(request, host)).startsWith("HTTP/1.1 403 ").contains("wrong_host");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://example.com",
                "Origin: null",
                "Origin: http://localhost:1",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe"
            })
    void another_page_is_refused(String header) throws IOException {
        for (String request : List.of("GET /", "GET /api/export.json", "GET /api/events", "POST /api/tasks")) {
            assertThat(fixture.raw(request, "Host: localhost\r\nContent-Type: application/json\r\n" + header))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("wrong_origin");
        }
    }

    @Test
    void a_link_to_the_page_may_stand_anywhere_but_leads_to_the_page_only() throws IOException {
        String link = "Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                + "Sec-Fetch-Dest: document";

        assertThat(fixture.raw("GET /", link)).startsWith("HTTP/1.1 200 ");
        assertThat(fixture.raw("GET /api/export.json", link)).startsWith("HTTP/1.1 403 ");
        assertThat(fixture.raw("POST /", link)).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"})
    void what_a_form_of_another_page_can_post_is_refused(String type) {
        String body = "{\"task\":{\"task_id\":\"forged\"}}";

        assertThat(fixture.post("/api/tasks", type, body).statusCode()).isEqualTo(415);
        assertThat(fixture.get("/api/tasks/forged").statusCode()).isEqualTo(404);
    }

    @Test
    void cancelling_is_passed_on_and_what_is_too_late_is_said() {
        fixture.simulator().nextCallbacks(CallbackPlan.afterAnswer());
        fixture.add(ConsoleFixture.aTask("to-cancel"));

        HttpResponse<String> canceled = fixture.post("/api/tasks/to-cancel/cancel", Map.of());
        assertThat(canceled.statusCode()).isEqualTo(200);
        assertThat(canceled.body()).contains("\"status\":\"canceled\"", "\"source\":\"cancel\"");
        assertThat(fixture.post("/api/tasks/none/cancel", Map.of()).statusCode())
                .isEqualTo(404);

        fixture.simulator().nextAnswer(SimulatedAnswer.error(ApiError.INVALID_TO));
        fixture.add(ConsoleFixture.aTask("too-late"));
        HttpResponse<String> late = fixture.post("/api/tasks/too-late/cancel", Map.of());
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("too_late");
    }

    @Test
    void the_page_may_run_and_load_nothing_but_its_own() {
        HttpResponse<String> page = fixture.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http");
        assertThat(page.body()).doesNotContain("style=", "<style", "onclick", "http");
    }

    @Test
    void no_script_parses_text_as_html_and_none_is_long() {
        assertThat(List.of(
                        "main",
                        "dom",
                        "api",
                        "tasks",
                        "list",
                        "processes",
                        "diagram",
                        "detail",
                        "editor",
                        "ask",
                        "form",
                        "fields",
                        "choices",
                        "bulk",
                        "phone",
                        "simulator"))
                .allSatisfy(name -> assertThat(fixture.get("/" + name + ".js").body())
                        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
                        .satisfies(script -> assertThat(script.lines()).hasSizeLessThan(300)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Console.class", "/../Main.class", "/package-info.class", "/api", "/index.html"})
    void nothing_else_is_served(String path) throws IOException {
        assertThat(fixture.raw("GET " + path, "Host: localhost")).matches("(?s)HTTP/1.1 40[04] .*");
    }

    // ---- tasks and their paths

    @Test
    void a_task_comes_to_its_green_end_through_both_processes() {
        assertThat(fixture.add(aTask("green")).path("node").asText()).isEqualTo("Waiting for Callback");

        await("green at Final").until(() -> fixture.isAt("green", "Final"));
        assertThat(fixture.path("green"))
                .isEqualTo("START CALLING_API IS_STATUS_RECEIVED COPY_TASK CALLBACK STATUS MODIFY_TASK"
                        + " WAITING RETURN_STATUS FINAL");
        assertThat(fixture.task("green").at("/task/history/0/source").asText()).isEqualTo("send");
    }

    @ParameterizedTest
    @CsvSource({
        "refused, +15005550001, TWILIO_ERROR",
        "lost, +12025550105, NOT_DELIVERED",
    })
    void a_red_end_has_a_node_of_its_own(String id, String to, String end) {
        Map<String, Object> task = aTask(id);
        task.put("number_to", to);

        fixture.add(task);

        await(id + " at Escalation").until(() -> fixture.isAt(id, "Escalation"));
        assertThat(fixture.path(id)).endsWith(end);
    }

    @Test
    void a_message_that_nobody_answers_for_is_red_until_a_callback_heals_it() {
        assertThat(fixture.add(aTask("healed"), "ACCEPTED_THEN_CLOSED")
                        .path("code")
                        .asText())
                .isEqualTo("connection_lost");

        await("healed at Final").until(() -> fixture.isAt("healed", "Final"));
        assertThat(fixture.path("healed"))
                .startsWith("START CALLING_API CALL_ERROR CALLBACK")
                .endsWith("WAITING RETURN_STATUS FINAL");
    }

    @Test
    void an_answer_without_a_status_has_its_own_red_end() {
        fixture.add(aTask("empty"), "WITHOUT_STATUS");

        await("empty at Final").until(() -> fixture.isAt("empty", "Final"));
        assertThat(fixture.path("empty")).startsWith("START CALLING_API IS_STATUS_RECEIVED EMPTY_STATUS CALLBACK");
    }

    @Test
    void a_dropped_callback_is_made_up_for_once_its_time_has_passed() {
        fixture.add(aTask("dropped"), "CALLBACKS_DROPPED");
        await("delivered at Twilio")
                .until(() -> fixture.simulator().messages().stream()
                        .anyMatch(message -> message.fault().isPresent()
                                && message.status().equals("delivered")
                                && fixture.task("dropped")
                                        .at("/task/sid")
                                        .asText()
                                        .equals(message.sid())));
        assertThat(fixture.isAt("dropped", "Waiting for Callback")).isTrue();

        assertThat(fixture.post("/api/time", Map.of("minutes", 16)).statusCode())
                .isEqualTo(200);

        await("dropped at Final").until(() -> fixture.isAt("dropped", "Final"));
        assertThat(fixture.path("dropped")).contains("POLL STATUS MODIFY_TASK").doesNotContain(" CALLBACK ");
    }

    @Test
    void a_fault_happens_to_the_task_it_was_chosen_for_and_no_other() {
        fixture.add(aTask("one"));
        fixture.add(aTask("two"), "ACCEPTED_THEN_503");
        fixture.add(aTask("three"));

        assertThat(fixture.simulator().messages())
                .filteredOn(message -> message.fault().isPresent()
                        && message.fault().get().name().equals("ACCEPTED_THEN_503"))
                .hasSize(1);
        await("two at Final").until(() -> fixture.isAt("two", "Final"));
        assertThat(fixture.path("two")).contains("CALL_ERROR");
        assertThat(fixture.path("one") + fixture.path("three")).doesNotContain("ERROR");
    }

    @Test
    void a_port_that_is_closed_for_a_moment_is_waited_for() {
        JsonNode answer = fixture.add(aTask("closed"), "CONNECTION_REFUSED");

        assertThat(answer.path("sid").asText()).startsWith("SM");
        await("closed at Final").until(() -> fixture.isAt("closed", "Final"));
    }

    @Test
    void problems_are_those_of_the_tasks_api() {
        HttpResponse<String> answer = fixture.post("/api/tasks", Map.of("task", Map.of("Body", "Hello")));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("problems").findValuesAsText("field")).contains("number_to");
    }

    @Test
    void a_name_that_is_no_parameter_comes_to_the_tasks_api_which_refuses_it() {
        Map<String, Object> task = aTask("misspelt");
        task.put("Bodyy", task.remove("body"));

        JsonNode answer = fixture.add(task);

        assertThat(answer.path("problems").findValuesAsText("field")).contains("Bodyy");
        assertThat(fixture.get("/api/tasks/misspelt").statusCode()).isEqualTo(404);
    }

    @Test
    void a_number_comes_to_the_tasks_api_as_it_was_written() {
        HttpResponse<String> sent = fixture.post(
                "/api/tasks",
                "application/json",
                "{\"task\":" + Json.writeText(aTask("precise")).replaceFirst("}$", "")
                        + ",\"context\":{\"id\":12345678901234567890,\"price\":1.10}}}");

        assertThat(sent.body()).contains("12345678901234567890", "1.10");
        HttpResponse<String> twice = fixture.post(
                "/api/tasks", "application/json", "{\"task\":{\"task_id\":\"twice\",\"task_id\":\"again\"}}");
        assertThat(twice.statusCode()).isEqualTo(400);
    }

    @Test
    void only_a_token_that_the_form_hides_is_put_in_the_place_of_stars() {
        Map<String, Object> task = aTask("stars");
        task.put("body", "***");
        task.put("AccountSid", "AC00000000000000000000000000000001");
        task.put("AuthToken", "***");
        task.put("context", Map.of("AuthToken", "***"));

        JsonNode answer = json(fixture.post(
                "/api/tasks", Map.of("task", task, "hidden", Map.of("AuthToken", "0123456789abcdef0123456789abcdef"))));

        assertThat(answer.path("sid").asText()).startsWith("SM");
        assertThat(fixture.simulator().messages())
                .extracting(message -> message.body())
                .contains("***");
        assertThat(answer.at("/context/AuthToken").asText()).isEqualTo("***");
    }

    @Test
    void a_fault_of_a_task_that_was_refused_happens_to_no_later_one() {
        Map<String, Object> task = aTask("corrected");
        Object to = task.remove("number_to");
        assertThat(fixture.add(task, "ACCEPTED_THEN_503").has("problems")).isTrue();
        task.put("number_to", to);

        assertThat(fixture.add(task).path("sid").asText()).startsWith("SM");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/tasks, {}",
        "/api/tasks, []",
        "/api/tasks, nonsense",
        "/api/tasks, '{\"task\":{},\"fault\":\"NONSENSE\"}'",
        "/api/simulator, '{\"delay_millis\":-1}'",
        "/api/simulator, '{\"delay_millis\":\"1\"}'",
        "/api/time, '{\"minutes\":99999}'",
        "/api/bulk, '{\"count\":1001}'",
        "/api/bulk, '{\"csv\":\"number_from,body\"}'",
        "/api/tasks, '{\"task\":{},\"hidden\":\"x\"}'",
    })
    void what_cannot_be_read_is_refused(String path, String body) {
        HttpResponse<String> answer = fixture.post(path, "application/json", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("message").asText()).isNotEmpty();
    }

    // ---- live

    @Test
    void a_row_is_open_until_its_task_has_ended_even_if_it_was_given_up() throws IOException {
        try (ConsoleFixture own = new ConsoleFixture()) {
            own.simulator().nextCallbacks(CallbackPlan.afterAnswer());
            own.add(aTask("given-up"));
            await("it waits").until(() -> own.isAt("given-up", "Waiting for Callback"));
            assertThat(row(own, "given-up").path("open").asBoolean()).isTrue();

            own.post("/api/time", Map.of("minutes", 1441));

            await("it is given up").until(() -> own.isAt("given-up", "Escalation"));
            JsonNode row = row(own, "given-up");
            assertThat(row.path("retryable").asText()).isEqualTo("unknown");
            assertThat(row.path("open").asBoolean(true)).isFalse();
        }
    }

    private static JsonNode row(ConsoleFixture console, String id) throws IOException {
        try (ConsoleFixture.EventStream events = console.events()) {
            for (JsonNode row : events.next("all").path("tasks")) {
                if (row.path("task_id").asText().equals(id)) {
                    return row;
                }
            }
        }
        throw new AssertionError("no row for " + id);
    }

    @Test
    void a_page_is_told_everything_first_and_then_each_change() throws IOException {
        fixture.add(aTask("before"));
        await("the task on the page")
                .until(() -> fixture.get("/api/tasks/before").statusCode() == 200);
        try (ConsoleFixture.EventStream events = fixture.events()) {
            assertThat(events.next("all").path("tasks").findValuesAsText("task_id"))
                    .contains("before");
            fixture.add(aTask("after"));

            JsonNode told = events.next("tasks");
            while (!isFinal(told, "after")) {
                told = events.next("tasks");
            }
            assertThat(told.toString()).contains("RETURN_STATUS").doesNotContain("history");
        }
    }

    private static boolean isFinal(JsonNode told, String id) {
        for (JsonNode row : told.path("tasks")) {
            if (row.path("task_id").asText().equals(id)
                    && row.path("node").asText().equals("Final")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void the_phone_shows_what_arrived() throws IOException {
        try (ConsoleFixture.EventStream events = fixture.events()) {
            Map<String, Object> task = aTask("rings");
            task.put("body", "<b>ring</b>");
            fixture.add(task);

            JsonNode phone = events.next("phone");
            while (!phone.path("messages").findValuesAsText("body").contains("<b>ring</b>")) {
                phone = events.next("phone");
            }
            assertThat(phone.path("count").asInt()).isPositive();
        }
    }

    // ---- many

    @Test
    void a_file_is_checked_first_and_sent_once_however_often_it_is_confirmed() throws IOException {
        String csv = "\uFEFFNumber_to;Body\n+15558675310;Hello, one\n;nobody\n+15558675310;\"Hello; two\"\n";
        Map<String, Object> form = Map.of(
                "Number_from", "+15005550006", "Body", "of the form", "Number_to", "+15558675319", "task_id", "form");
        int before = fixture.simulator().messages().size();

        JsonNode found = json(fixture.post("/api/bulk", Map.of("csv", csv, "defaults", form)));

        assertThat(found.path("good").asInt()).isEqualTo(2);
        assertThat(found.path("bad").asInt()).isEqualTo(1);
        assertThat(found.at("/problems/0/row").asInt()).isEqualTo(2);
        assertThat(found.at("/problems/0/message").asText()).isEqualTo("has no number_to");
        assertThat(fixture.simulator().messages()).as("nothing is sent yet").hasSize(before);

        Map<String, Object> file = Map.of(
                "csv", csv, "defaults", form, "checked", found.path("checked").asText());
        try (ConsoleFixture.EventStream events = fixture.events()) {
            for (int times = 0; times < 2; times++) {
                assertThat(fixture.post("/api/bulk", file).statusCode()).isEqualTo(202);
                JsonNode progress = progressUntil(events, 2, 2);
                assertThat(progress.path("refused").asInt()).isZero();
            }
        }
        assertThat(fixture.simulator().messages())
                .hasSize(before + 2)
                .extracting(message -> message.body())
                .contains("Hello, one", "Hello; two")
                .doesNotContain("of the form", "nobody");
        assertThat(fixture.simulator().messages())
                .extracting(message -> message.to())
                .doesNotContain("+15558675319");
        assertThat(fixture.get("/api/tasks/form").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "form", "checked"})
    void nothing_is_sent_but_what_was_checked(String changed) {
        Map<String, Object> file = new HashMap<>(
                Map.of("csv", "number_to\n+15558675310\n", "defaults", Map.of("Body", "unchecked", "From", "x")));
        String checked = json(fixture.post("/api/bulk", file)).path("checked").asText();
        switch (changed) {
            case "csv" -> file.put("csv", "number_to\n+15558675319\n");
            case "form" -> file.put("defaults", Map.of("Body", "another", "From", "x"));
            default -> checked = "";
        }
        file.put("checked", checked);

        assertThat(fixture.post("/api/bulk", file).statusCode()).isEqualTo(409);
    }

    @Test
    void a_row_that_the_tasks_api_refuses_is_named_by_its_number_in_the_file() throws IOException {
        Map<String, Object> file = new HashMap<>(Map.of(
                "csv",
                "number_to,body\n,x\n+15558675310," + "a".repeat(1601) + "\n",
                "defaults",
                Map.of("Number_from", "+15005550006")));
        file.put(
                "checked", json(fixture.post("/api/bulk", file)).path("checked").asText());
        try (ConsoleFixture.EventStream events = fixture.events()) {
            assertThat(fixture.post("/api/bulk", file).statusCode()).isEqualTo(202);

            JsonNode progress = progressUntil(events, 1, 1);
            while (progress.path("refused").asInt() == 0) {
                progress = events.next("bulk");
            }
            assertThat(progress.at("/troubles/0/row").asInt()).isEqualTo(2);
            assertThat(progress.at("/troubles/0/message").asText()).startsWith("body must have at most");
        }
    }

    /** Reads events until this many tasks are done or left out. */
    private static JsonNode progressUntil(ConsoleFixture.EventStream events, int total, int settled)
            throws IOException {
        JsonNode progress = events.next("bulk");
        while (progress.path("total").asInt() != total
                || progress.path("done").asInt() + progress.path("unsent").asInt() != settled) {
            progress = events.next("bulk");
        }
        return progress;
    }

    @Test
    void a_number_of_tasks_alike_is_sent_each_with_an_id_of_its_own() throws IOException {
        Map<String, Object> alike = aTask("");
        alike.remove("task_id");
        alike.put("body", "one of seven");
        alike.put("number_to", "+15558675377");
        try (ConsoleFixture.EventStream events = fixture.events()) {
            assertThat(fixture.post("/api/bulk", Map.of("count", 7, "defaults", alike))
                            .statusCode())
                    .isEqualTo(202);

            JsonNode progress = progressUntil(events, 7, 7);
            assertThat(progress.path("refused").asInt()).isZero();
            assertThat(progress.path("unsent").asInt()).isZero();
        }
        assertThat(fixture.simulator().messages())
                .filteredOn(message -> message.body().equals("one of seven"))
                .hasSize(7);
        await("seven tasks at Final").until(() -> finalsOf("+15558675377") == 7);
    }

    private static long finalsOf(String recipient) {
        long finals = 0;
        for (JsonNode task : json(fixture.get("/api/export.json")).path("tasks")) {
            if (task.path("number_to").asText().equals(recipient)
                    && task.path("node").asText().equals("Final")) {
                finals++;
            }
        }
        return finals;
    }

    @Test
    void what_is_stopped_sends_no_more_and_says_how_much_it_left_out() throws IOException {
        Map<String, Object> alike = aTask("");
        alike.remove("task_id");
        alike.put("body", "stopped");
        fixture.slowAnswers(6, Duration.ofSeconds(2));
        try (ConsoleFixture.EventStream events = fixture.events()) {
            fixture.post("/api/bulk", Map.of("count", 50, "defaults", alike));
            assertThat(fixture.post("/api/bulk", Map.of("count", 1, "defaults", alike))
                            .statusCode())
                    .as("one at a time")
                    .isEqualTo(409);
            fixture.post("/api/bulk/stop", Map.of());

            JsonNode progress = progressUntil(events, 50, 50);
            int unsent = progress.path("unsent").asInt();
            assertThat(unsent).isPositive();
            assertThat(progress.path("refused").asInt()).isZero();
            assertThat(fixture.simulator().messages())
                    .filteredOn(message -> message.body().equals("stopped"))
                    .hasSize(50 - unsent);
        }
    }

    @Test
    void the_list_is_exported_as_csv_and_json() {
        Map<String, Object> task = aTask("exported");
        task.put("body", "=1+1, \"quoted\"");
        fixture.add(task);
        await("exported at Final").until(() -> fixture.isAt("exported", "Final"));

        HttpResponse<String> csv = fixture.get("/api/export.csv");
        assertThat(csv.headers().firstValue("Content-Disposition").orElseThrow())
                .contains("tasks.csv");
        assertThat(csv.body())
                .startsWith("task_id,sid,node,status,number_to,")
                .contains("exported,SM", "+15558675310,+15005550006,,")
                .contains(",code,message,url_more_info,retryable,reason,");
        assertThat(json(fixture.get("/api/export.json")).path("tasks").findValuesAsText("task_id"))
                .contains("exported");
    }

    // ---- the form

    @ParameterizedTest
    @CsvSource({"'', 0, GSM-7, 0", "Hello, 5, GSM-7, 1", "Grüße 👋, 7, UCS-2, 1"})
    void characters_and_segments_are_counted(String body, int characters, String encoding, int segments) {
        JsonNode counted = json(fixture.post("/api/segments", Map.of("body", body)));

        assertThat(counted.path("characters").asInt()).isEqualTo(characters);
        assertThat(counted.path("encoding").asText()).isEqualTo(encoding);
        assertThat(counted.path("segments").asInt()).isEqualTo(segments);
    }

    @Test
    void the_simulators_pace_is_set() {
        Duration before = fixture.simulator().callbackDelay();

        fixture.post("/api/simulator", Map.of("delay_millis", 20));
        assertThat(fixture.simulator().callbackDelay()).hasMillis(20);

        fixture.simulator().callbackDelay(before);
    }

    @Test
    void each_end_that_is_offered_comes_true() {
        Map<String, String> nodes = new HashMap<>();
        for (JsonNode end : json(fixture.get("/api/setup")).path("ends")) {
            String number = end.path("number").asText();
            Map<String, Object> task = aTask("end" + number.replace("+", "-"));
            task.put("number_to", number.isEmpty() ? "+15558675310" : number);
            fixture.add(task);
            nodes.put(String.valueOf(task.get("task_id")), end.path("group").asText());
        }

        assertThat(nodes.values()).contains("Green end", "Red end: not delivered", "Red end: refused by Twilio");
        nodes.forEach((id, group) -> await(id + " at its end: " + group).untilAsserted(() -> {
            JsonNode task = fixture.task(id).path("task");
            switch (group) {
                case "Green end" -> assertThat(task.path("node").asText()).isEqualTo("Final");
                case "Red end: not delivered", "Red end: refused by Twilio" ->
                    assertThat(task.path("node").asText()).isEqualTo("Escalation");
                case "Green end, once a day has passed" ->
                    assertThat(task.path("status").asText()).isEqualTo("sent");
                default -> throw new AssertionError(group);
            }
        }));
    }

    @Test
    void where_twilio_is_real_nothing_is_offered_that_only_a_simulator_can_do() {
        try (ConsoleFixture real = ConsoleFixture.withoutSimulator()) {
            JsonNode offered = json(real.get("/api/setup"));
            assertThat(offered.fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("tasks_url", "account_sid", "max_characters", "time");
            assertThat(offered.path("time").asBoolean()).isFalse();
            assertThat(offered.toString()).doesNotContain("fedcba9876543210");

            Map<String, Object> task = aTask("real");
            for (HttpResponse<String> refused : List.of(
                    real.post("/api/tasks", Map.of("task", task, "fault", "HANG")),
                    real.post("/api/bulk", Map.of("count", 2, "defaults", task)),
                    real.post("/api/simulator", Map.of("delay_millis", 1)),
                    real.post("/api/time", Map.of("minutes", 1)))) {
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
            }
        }
    }

    @Test
    void a_callers_token_is_passed_on_and_shown_nowhere() throws IOException {
        Map<String, Object> task = new HashMap<>(aTask("own-token"));
        task.put("AccountSid", "AC00000000000000000000000000000001");
        task.put("AuthToken", "0123456789abcdef0123456789abcdef");
        fixture.add(task);
        await("own-token at Final").until(() -> fixture.isAt("own-token", "Final"));

        try (ConsoleFixture.EventStream events = fixture.events()) {
            assertThat(fixture.get("/api/tasks/own-token").body()
                            + fixture.get("/api/export.csv").body()
                            + fixture.get("/api/export.json").body()
                            + events.next("all"))
                    .contains("own-token")
                    .doesNotContain("0123456789abcdef0123456789abcdef");
        }
    }
}
