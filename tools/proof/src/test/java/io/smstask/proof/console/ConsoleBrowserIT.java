package io.smstask.proof.console;

import static io.smstask.local.console.ConsoleFixture.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.smstask.local.console.ConsoleFixture;
import io.smstask.local.template.Template;
import io.smstask.simulator.CallbackPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page in a real browser, as a person uses it. Skipped if there is no Chromium. */
@EnabledIf(value = "canRun", disabledReason = "there is no browser (apt-get install chromium chromium-driver)")
final class ConsoleBrowserIT {

    /** If this is set, a machine without a browser fails instead. */
    private static final String REQUIRED = "BROWSER_REQUIRED";

    private static ConsoleFixture fixture;
    private static Browser browser;

    static boolean canRun() {
        return Browser.isHere() || System.getenv(REQUIRED) != null;
    }

    @BeforeAll
    static void start() {
        Optional<Browser> found = Browser.open();
        if (found.isEmpty()) {
            fail("a browser is required, and neither chromium nor chromedriver is on the path");
        }
        browser = found.orElseThrow();
        fixture = new ConsoleFixture();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
            fixture.close();
        }
    }

    @BeforeEach
    void visit() {
        browser.visit(fixture.url());
    }

    @AfterEach
    void the_browser_complains_of_nothing(TestInfo test) {
        browser.picture(test.getTestMethod().orElseThrow().getName());
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void the_sources_own_story_step_by_step() {
        // 1. "Sending SMS" in View mode
        assertThat(browser.text("header")).contains("View mode");
        // 2. + New task
        browser.click("#new-task");
        // 3. the parameters
        browser.type("#field-AuthToken", "0123456789abcdef0123456789abcdef");
        browser.type("#field-AccountSid", "AC00000000000000000000000000000001");
        browser.type("#field-Number_to", "+15558675310");
        browser.type("#field-Number_from", "+15005550006");
        browser.type("#field-Body", "A story");
        browser.awaitText("#counter", "7 of 1600 characters, GSM-7, 1 segment");
        // 4. Add task
        browser.click("#add");
        // 5. through the process to a final node
        browser.awaitText("#end", "Final");
        browser.awaitTask("task-", "delivered", "SM", "callback");
        assertThat(browser.the("#end").getAttribute("class")).isEqualTo("green");
        browser.awaitThat("Final is lit up", () -> browser.isLit("FINAL"));
        for (String place : new String[] {"CALLING_API", "TWILIO", "CALLBACK", "MODIFY_TASK", "WAITING"}) {
            assertThat(browser.isLit(place)).as(place).isTrue();
        }
        assertThat(browser.isLit("TWILIO_ERROR")).isFalse();
        browser.awaitText("#screen", "A story");
    }

    @Test
    void a_task_that_twilio_refuses_ends_red_with_a_link() {
        browser.click("#new-task");
        browser.choose("#end-choice", "+15005550001");
        assertThat(browser.the("#field-Number_to").getAttribute("value")).isEqualTo("+15005550001");
        browser.click("#add");

        browser.awaitText("#end", "Escalation 21211");
        assertThat(browser.the("#end").getAttribute("class")).isEqualTo("red");
        browser.awaitThat(
                "the link leads to 21211",
                () -> browser.the("#end a").getAttribute("href").contains("21211"));
        browser.awaitThat("Error from Twilio is lit up", () -> browser.isLit("TWILIO_ERROR"));
    }

    @ParameterizedTest
    @CsvSource({"ACCEPTED_THEN_CLOSED, CALL_ERROR, connection_lost", "WITHOUT_STATUS, EMPTY_STATUS, status_missing"})
    void a_red_task_is_healed_by_its_callback(String fault, String exit, String code) {
        Duration pace = fixture.simulator().callbackDelay();
        // If the callback came before the red end is written, there would be nothing to heal.
        fixture.simulator().callbackDelay(Duration.ofSeconds(2));
        browser.click("#new-task");
        browser.choose("#fault", fault);
        browser.click("#add");

        browser.awaitText("#history", "healed");
        fixture.simulator().callbackDelay(pace);
        browser.awaitText("#end", "Final");
        assertThat(browser.text("#history")).contains(code);
        browser.awaitThat("both ends are lit up", () -> browser.isLit(exit) && browser.isLit("FINAL"));
    }

    @Test
    void a_dropped_callback_is_repaired_by_the_poll() {
        browser.click("#new-task");
        browser.choose("#fault", "CALLBACKS_DROPPED");
        browser.type("#field-Body", "Nobody calls back");
        browser.click("#add");
        browser.awaitText("#screen", "Nobody calls back");
        browser.awaitText("#end", "Waiting for Callback");

        browser.click("[data-minutes='16']");

        browser.awaitText("#end", "Final");
        browser.awaitText("#time-note", "Done");
        browser.awaitThat(
                "the button says what it did",
                () -> browser.text("#time-note").matches("Done: .* Of [0-9]+ open tasks?: [1-9][0-9]* green now, .*"));
        browser.awaitText("#history", "poll");
        browser.awaitThat("the poll is lit up", () -> browser.isLit("POLL"));
        assertThat(browser.isLit("CALLBACK")).isFalse();
    }

    @Test
    void a_task_that_nothing_more_is_heard_of_ends_once_a_day_passes() {
        browser.click("#new-task");
        browser.type("#field-Number_to", "+12025550190");
        assertThat(browser.the("#end-choice").getAttribute("value")).isEqualTo("+12025550190");
        browser.click("#add");
        browser.awaitText("#end", "Waiting for Callback — sent");

        browser.click("[data-minutes='1441']");

        browser.awaitText("#end", "Final — sent");
        browser.awaitThat("Return status is lit up", () -> browser.isLit("RETURN_STATUS"));
    }

    @Test
    void a_task_that_is_given_up_once_a_day_passes_is_counted_as_red() {
        fixture.simulator().nextCallbacks(CallbackPlan.afterAnswer());
        fixture.add(aTask("given-up"));
        browser.awaitThat("the task is listed", () -> browser.count("[data-id=given-up]") == 1);
        browser.click("[data-id=given-up]");
        browser.awaitText("#end", "Waiting for Callback");

        browser.click("[data-minutes='1441']");

        browser.awaitText("#end", "Escalation status_timeout");
        browser.awaitThat(
                "the button counts it",
                () -> browser.text("#time-note").matches("Done: .* [1-9][0-9]* red, 0 still open\\."));
    }

    @Test
    void a_task_is_cancelled_while_twilio_holds_it_and_later_it_is_too_late() {
        fixture.simulator().nextCallbacks(CallbackPlan.afterAnswer());
        fixture.add(aTask("held"));
        browser.awaitThat("the task is listed", () -> browser.count("[data-id=held]") == 1);
        browser.click("[data-id=held]");
        browser.awaitText("#end", "Waiting for Callback");

        browser.click("#cancel-task");

        browser.awaitText("#end", "Escalation canceled");
        browser.awaitThat(
                "it cannot be cancelled again",
                () -> !browser.the("#cancel-task").isDisplayed());

        fixture.add(
                Map.of("task_id", "gone", "number_to", "+12025550190", "number_from", "+15005550006", "body", "Hi"));
        browser.awaitThat("the task is listed", () -> browser.count("[data-id=gone]") == 1);
        browser.click("[data-id=gone]");
        browser.awaitText("#end", "Waiting for Callback — sent");

        browser.click("#cancel-task");

        browser.awaitText("#cancel-note", "too late");
    }

    @Test
    void a_hundred_are_sent() {
        int tasksBefore = tasks();
        int messagesBefore = fixture.simulator().messages().size();
        browser.awaitText("#hundred-to", "+15558675310");

        browser.click("#hundred");

        browser.awaitThat(
                "all are done, and none is refused",
                () -> browser.text("#bulk-text").equals("100 of 100 done: 100 sent"));
        assertThat(browser.the("#stop").isDisplayed()).isFalse();
        browser.awaitThat("a hundred more tasks are exported", () -> tasks() == tasksBefore + 100);
        assertThat(fixture.simulator().messages()).hasSize(messagesBefore + 100);
    }

    private static int tasks() {
        return ConsoleFixture.json(fixture.get("/api/export.json"))
                .path("tasks")
                .size();
    }

    @Test
    void a_hundred_are_stopped() {
        int before = fixture.simulator().messages().size();
        // The first six, which are sent at once, keep the others waiting.
        fixture.slowAnswers(6, Duration.ofSeconds(4));
        browser.click("#hundred");
        browser.awaitThat("Stop is there", () -> browser.the("#stop").isDisplayed());

        browser.click("#stop");

        browser.awaitText("#bulk-text", "not sent");
        browser.awaitThat("Stop is gone", () -> !browser.the("#stop").isDisplayed());
        assertThat(browser.text("#bulk-text")).matches("([1-9][0-9]?) of 100 done: \\1 sent, [1-9][0-9]? not sent");
        assertThat(fixture.simulator().messages()).hasSizeLessThan(before + 100);
    }

    @Test
    void the_slider_sets_the_simulators_pace() {
        Duration before = fixture.simulator().callbackDelay();
        assertThat(browser.text("#delay-shown")).isEqualTo(before.toMillis() + " ms");
        try {
            browser.tabTo("#delay");
            browser.press(Keys.END);
            assertThat(browser.text("#delay-shown")).isEqualTo("5000 ms");
            browser.awaitThat(
                    "the pace is 5 s", () -> fixture.simulator().callbackDelay().equals(Duration.ofSeconds(5)));
            browser.press(Keys.HOME, Keys.ARROW_RIGHT);
            browser.awaitThat(
                    "the pace is 50 ms",
                    () -> fixture.simulator().callbackDelay().equals(Duration.ofMillis(50)));
        } finally {
            fixture.simulator().callbackDelay(before);
        }
    }

    @Test
    void the_copied_curl_sends_the_task_that_the_form_shows() {
        browser.click("#new-task");
        browser.type("#field-Body", "It's from the clipboard");
        browser.click("#copy");
        browser.awaitText("#copied", "copied");

        String curl = browser.clipboard();

        assertThat(curl).startsWith("curl -i http://127.0.0.1:").contains("/tasks -H 'Content-Type: application/json'");
        // How a shell escapes a quote within quotes.
        String json =
                curl.substring(curl.indexOf("-d '") + 4, curl.length() - 1).replace("'\\''", "'");
        assertThat(fixture.post("/api/tasks", "application/json", "{\"task\":" + json + "}")
                        .statusCode())
                .isEqualTo(201);
        browser.awaitText("#screen", "It's from the clipboard");
    }

    @Test
    void the_real_twilio_is_named_and_nothing_simulated_is_offered() {
        assertThat(browser.text("#twilio")).contains("no SMS leaves this machine");
        try (ConsoleFixture real = ConsoleFixture.withoutSimulator()) {
            browser.visit(real.url());
            assertThat(browser.text("#twilio")).contains("real Twilio", "costs money");
            for (String css : new String[] {"#speed", "#hundred-row", "#skip-time", "#phone"}) {
                assertThat(browser.the(css).isDisplayed()).as(css).isFalse();
            }
            browser.click("#new-task");
            assertThat(browser.count("#end-choice, #fault")).isZero();
            assertThat(browser.the("#field-AuthToken").getAttribute("value")).isEmpty();
            assertThat(browser.the("#field-Number_to").getAttribute("value")).isEmpty();
            browser.visit(fixture.url());
        }
    }

    @Test
    void hostile_text_is_text() {
        String hostile = "<img src=x onerror=\"window.hurt=1\"><script>window.hurt=2</script>${7*7}\u202E&amp;";
        Map<String, Object> task = aTask("hostile");
        task.put("body", hostile);
        task.put("context", Map.of("<svg onload='window.hurt=3'>", hostile));
        // The text of a task goes with its end: one waits, one is delivered.
        fixture.simulator().nextCallbacks(CallbackPlan.afterAnswer());
        fixture.add(task);
        task.put("task_id", "hostile-delivered");
        fixture.add(task);
        browser.awaitThat("the task is listed", () -> browser.count("[data-id=hostile]") == 1);
        browser.click("[data-id=hostile]");

        browser.awaitText("#task-fields", "<img src=x onerror");
        browser.awaitText("#task-fields", "<svg onload=");
        browser.awaitText("#screen", "<script>window.hurt=2</script>${7*7}");
        assertThat(browser.run("return window.hurt === undefined")).isEqualTo(true);
        assertThat(browser.count("#detail img, #detail script, #detail svg, #screen img, #screen script"))
                .isZero();
    }

    @Test
    void a_problem_is_shown_at_its_field_and_the_form_stays() {
        browser.click("#new-task");
        browser.click("#clear");
        browser.paste("#field-Number_to", "");
        browser.paste("#field-Body", "ä👋".repeat(801));
        browser.awaitText("#counter", "1602 of 1600 characters, UCS-2");
        browser.click("#add");

        browser.awaitText("#field-Number_to-problem", "is required");
        browser.awaitText("#field-Body-problem", "at most 1600 characters");
        assertThat(browser.the("#dialog").isDisplayed()).isTrue();
    }

    @Test
    void the_code_editor_and_the_fields_are_one() {
        browser.click("#new-task");
        browser.type("#field-Body", "It's from the field");
        assertThat(browser.the("#code").getAttribute("value"))
                .contains("\"Body\": \"It's from the field\"", "\"AuthToken\": \"***\"");
        assertThat(browser.the("#curl").getAttribute("value"))
                .contains("/tasks", "It'\\''s from the field")
                .doesNotContain("AccountSid", "AuthToken");
        browser.type("#field-AuthToken", "fedcba9876543210fedcba9876543210");
        assertThat(browser.the("#curl").getAttribute("value"))
                .contains("AccountSid", "$TWILIO_AUTH_TOKEN")
                .doesNotContain("fedcba9876543210");

        browser.paste("#code", "{\"Number_to\":\"+15558675310\",\"Body\":\"from the editor\"}");
        assertThat(browser.the("#field-Body").getAttribute("value")).isEqualTo("from the editor");
        assertThat(browser.the("#field-Number_from").getAttribute("value")).isEmpty();
        browser.paste("#code", "{");
        assertThat(browser.text("#code-problem")).isNotEmpty();
    }

    @Test
    void what_stands_in_the_editor_is_sent_a_misspelt_name_included() {
        int before = fixture.simulator().messages().size();
        browser.click("#new-task");
        browser.paste(
                "#code",
                "{\"task_id\":\"misspelt\",\"number_to\":\"+15558675310\",\"number_from\":\"+15005550006\","
                        + "\"body\":\"Right\",\"Bodyy\":\"Wrong\"}");
        browser.awaitText("#code-note", "not shown in the form: Bodyy");
        assertThat(browser.value("#field-Body")).isEqualTo("Right");
        assertThat(browser.value("#field-Number_to")).isEqualTo("+15558675310");

        browser.click("#add");

        browser.awaitText("#problems", "Bodyy");
        assertThat(browser.the("#dialog").isDisplayed()).isTrue();
        assertThat(fixture.simulator().messages()).hasSize(before);
        assertThat(browser.value("#code")).contains("Bodyy");
    }

    @Test
    void the_readmes_example_works_in_the_editor() throws IOException {
        String readme = Files.readString(Template.find().resolveSibling("README.md"));
        String example = readme.substring(readme.indexOf("-d '{") + 4, readme.indexOf("}'") + 1);
        browser.click("#new-task");
        browser.paste("#code", example);
        assertThat(browser.value("#field-Number_to")).isEqualTo("+15558675310");
        assertThat(browser.value("#field-Body")).isEqualTo("Hello");
        assertThat(browser.value("#field-AuthToken")).isEmpty();
        assertThat(browser.text("#code-note")).isEmpty();

        browser.click("#add");

        browser.awaitTask("order-4711", "delivered");
        browser.click("#new-task");
        assertThat(browser.value("#field-task_id"))
                .as("somebody's own id stays")
                .isEqualTo("order-4711");
    }

    @Test
    void the_form_changes_in_the_editor_only_what_was_changed_in_it() {
        browser.click("#new-task");
        browser.paste(
                "#code",
                "{\"Bodyy\":{\"kept\":[1,null]},\"number_to\":\"+15558675310\",\"task_id\":null,"
                        + "\"SmartEncoded\":\"maybe\",\"MediaUrl\":\"https://example.com/a b\",\"AuthToken\":\"***\"}");
        browser.awaitText("#code-note", "not shown in the form: Bodyy, task_id, SmartEncoded");
        assertThat(browser.value("#field-AuthToken")).isEqualTo("0123456789abcdef0123456789abcdef");

        browser.type("#field-Body", "Typed");
        browser.type("#field-Number_to", "+15558675311");

        assertThat(browser.value("#code").replaceAll("\\s", ""))
                .isEqualTo("{\"Bodyy\":{\"kept\":[1,null]},\"number_to\":\"+15558675311\",\"task_id\":null,"
                        + "\"SmartEncoded\":\"maybe\",\"MediaUrl\":\"https://example.com/ab\",\"AuthToken\":\"***\","
                        + "\"Body\":\"Typed\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"body\":\"once\",\"body\":\"twice\"}",
                "{\"context\":{\"id\":12345678901234567890}}",
                "{\"context\":{\"price\":1.10}}"
            })
    void what_the_form_would_change_unasked_stays_in_the_editor(String code) {
        browser.click("#new-task");
        browser.paste("#code", code);
        browser.awaitText("#code-note", "cannot be edited in the form");
        assertThat(browser.the("#field-Body").isEnabled()).isFalse();
        browser.click("#cancel");

        browser.click("#hundred");

        browser.awaitText("#hundred-note", "Nothing was sent");
        browser.click("#new-task");
        assertThat(browser.value("#code")).isEqualTo(code);
        browser.paste("#code", "{\"body\":\"once\"}");
        assertThat(browser.the("#field-Body").isEnabled()).isTrue();
    }

    @Test
    void what_is_no_task_is_not_sent_and_says_so_where_the_click_was() {
        int before = fixture.simulator().messages().size();
        browser.click("#new-task");
        browser.paste("#code", "{\"body\": ");
        assertThat(browser.text("#code-problem")).isNotEmpty();
        assertThat(browser.the("#field-Body").isEnabled()).isFalse();

        browser.click("#add");

        browser.awaitText("#problems", "Nothing was sent");
        browser.paste("#code", "{\"AuthToken\":\"***\",\"SigningAuthToken\":\"***\"}");
        browser.click("#add");
        browser.awaitText("#field-SigningAuthToken-problem", "is empty");
        browser.click("#clear");
        assertThat(browser.text("#problems")).isEmpty();
        assertThat(browser.value("#field-Number_to")).isEqualTo("+15558675310");
        assertThat(fixture.simulator().messages()).hasSize(before);
    }

    @Test
    void incident_42_a_row_without_a_recipient_is_named_and_goes_to_nobody() {
        String csv = rows(50).replace("+15558670013", "").replace("+15558670027", "");
        int before = fixture.simulator().messages().size();
        importFile(csv);

        browser.awaitText("#file-note", "recipients.csv: 48 good, 2 bad");
        assertThat(browser.text("#import-problems")).isEqualTo("row 13 has no number_to\nrow 27 has no number_to");
        assertThat(browser.text("#import-form"))
                .contains("Number_from in 48 rows")
                .doesNotContain("Number_to", "task_id");
        assertThat(fixture.simulator().messages()).as("nothing is sent yet").hasSize(before);
        browser.click("#import-send");

        browser.awaitText("#bulk-text", "48 of 48 done");
        assertThat(browser.text("#bulk-text")).doesNotContain("refused");
        assertThat(browser.the("#import").isDisplayed()).isFalse();
        assertThat(fixture.simulator().messages())
                .hasSize(before + 48)
                .filteredOn(message -> message.body().startsWith("Row "))
                .noneMatch(message -> message.to().equals("+15558675310"));
    }

    @Test
    void many_bad_rows_are_cut_with_a_count_and_nothing_need_be_sent() {
        int before = fixture.simulator().messages().size();
        importFile("number_to,body\n" + ",nobody\n".repeat(70) + "+15558675310,One\n");
        browser.awaitText("#file-note", "1 good, 70 bad");
        assertThat(browser.text("#import-problems")).contains("row 50 has no number_to\nand 20 more");

        browser.tabTo("#import-drop");
        browser.press(Keys.ENTER);

        browser.awaitThat("the file is dropped", () -> !browser.the("#import").isDisplayed());
        assertThat(browser.text("#file-note")).isEmpty();
        importFile("number_to,Bodyy\n+15558675310,One\n");
        browser.awaitText("#file-note", "column 2 (Bodyy) is not a parameter");
        assertThat(browser.the("#import").isDisplayed()).isFalse();
        assertThat(fixture.simulator().messages()).hasSize(before);
    }

    @Test
    void a_file_is_checked_again_when_the_form_has_changed_and_sent_by_keyboard() {
        importFile("number_to\n+15558675312\n");
        browser.awaitText("#import-form", "Body in 1 row");
        browser.tabTo("#new-task");
        browser.press(Keys.ENTER);
        browser.tabTo("#field-Body");
        browser.press(Keys.chord(Keys.CONTROL, "a"), "Changed after the check");
        browser.press(Keys.ESCAPE);

        browser.awaitText("#import-send", "Send 1");
        browser.tabTo("#import-send");
        browser.press(Keys.ENTER);

        browser.awaitText("#bulk-text", "1 of 1 done");
        browser.awaitText("#screen", "Changed after the check");
    }

    private static String rows(int count) {
        StringBuilder csv = new StringBuilder("number_to,body\n");
        for (int i = 1; i <= count; i++) {
            csv.append("+155586700%02d,Row %d\n".formatted(i, i));
        }
        return csv.toString();
    }

    private static void importFile(String csv) {
        browser.run(
                "const transfer = new DataTransfer();"
                        + "transfer.items.add(new File([arguments[0]], 'recipients.csv', {type: 'text/csv'}));"
                        + "const file = document.getElementById('file');"
                        + "file.files = transfer.files;"
                        + "file.dispatchEvent(new Event('change'))",
                csv);
    }

    @Test
    void a_server_that_is_gone_is_named_where_the_click_was_and_all_goes_on_when_it_is_back() throws IOException {
        String gone = "The local stack does not answer";
        fixture.add(aTask("seen"));
        fixture.add(aTask("unseen"));
        try (SeverableConnection connection = new SeverableConnection(fixture.url())) {
            browser.visit(connection.url());
            browser.awaitThat("both tasks are listed", () -> browser.count("[data-id=seen], [data-id=unseen]") == 2);
            browser.click("[data-id=seen]");
            browser.awaitTask("seen", "delivered");
            importFile(rows(1));
            browser.awaitText("#import-send", "Send 1");
            connection.cut();
            browser.awaitText("#connection", "not connected");

            for (String[] click : new String[][] {
                {"[data-minutes='16']", "#time-note"},
                {"[data-minutes='1441']", "#time-note"},
                {"#hundred", "#hundred-note"},
                {"#import-send", "#import-note"},
                {".links a", "#export-note"},
                {"[data-id=unseen]", "#end"},
            }) {
                browser.click(click[0]);
                browser.awaitText(click[1], gone);
            }
            assertThat(browser.text("#task-fields")).as("another task's").isEmpty();
            String pace = browser.text("#delay-shown");
            browser.tabTo("#delay");
            browser.press(Keys.END);
            browser.awaitText("#delay-note", gone);
            assertThat(browser.text("#delay-shown")).isEqualTo(pace);
            importFile(rows(2));
            browser.awaitText("#file-note", gone);
            browser.click("#new-task");
            browser.type("#field-Body", "While it is gone");
            browser.awaitText("#counter", gone);
            browser.click("#add");
            browser.awaitText("#problems", gone);
            browser.awaitText("#problems", "the same task_id never sends twice");

            connection.restore();

            browser.awaitText("#connection", "live");
            browser.awaitText("#counter", "16 of 1600 characters");
            browser.awaitThat(
                    "the form's complaint is gone",
                    () -> browser.text("#problems").isEmpty());
            browser.click("#add");
            browser.awaitText("#screen", "While it is gone");
            browser.awaitText("#file-note", "2 good, 0 bad");
            for (String note : new String[] {"#time-note", "#hundred-note", "#export-note", "#delay-note"}) {
                assertThat(browser.text(note)).as(note).isEmpty();
            }
            browser.click("[data-id=unseen]");
            browser.awaitTask("unseen", "delivered");
            browser.click("[data-minutes='16']");
            browser.awaitText("#time-note", "Done");
        } finally {
            browser.visit(fixture.url());
        }
    }

    @Test
    void a_stop_that_does_not_get_through_says_so() throws IOException {
        try (SeverableConnection connection = new SeverableConnection(fixture.url())) {
            browser.visit(connection.url());
            fixture.slowAnswers(6, Duration.ofSeconds(4));
            browser.click("#hundred");
            browser.awaitThat("Stop is there", () -> browser.the("#stop").isDisplayed());
            connection.cut();

            browser.click("#stop");

            browser.awaitText("#stop-note", "The local stack does not answer");
            connection.restore();
            browser.awaitText("#connection", "live");
            browser.awaitText("#bulk-text", "100 of 100 done");
        } finally {
            browser.visit(fixture.url());
        }
    }

    @Test
    void a_task_whose_answer_was_lost_is_shown_once_the_server_is_back() throws IOException {
        try (SeverableConnection connection = new SeverableConnection(fixture.url())) {
            browser.visit(connection.url());
            fixture.slowAnswers(1, Duration.ofSeconds(4));
            browser.click("#new-task");
            browser.click("#inputs summary");
            browser.type("#field-task_id", "lost-answer");
            browser.click("#add");
            browser.awaitThat(
                    "the task came to the stack",
                    () -> fixture.get("/api/tasks/lost-answer").statusCode() == 200);
            connection.cut();
            browser.awaitText("#connection", "not connected");

            connection.restore();

            browser.awaitTask("lost-answer", "Final");
        } finally {
            browser.visit(fixture.url());
        }
    }

    @Test
    void on_a_phone_the_buttons_hide_no_field_that_has_the_focus() {
        browser.beAsLargeAs(390, 844);
        browser.visit(fixture.url());
        browser.click("#new-task");
        browser.run("document.querySelector('#form details').open = true");

        for (String field : new String[] {"SigningAuthToken", "ScheduleType", "ContentRetention", "context"}) {
            browser.tabTo("#field-" + field);

            assertThat(browser.run("return document.activeElement.getBoundingClientRect().bottom"
                            + " <= document.querySelector('#form .buttons').getBoundingClientRect().top"))
                    .as(field)
                    .isEqualTo(true);
        }
        browser.beAsLargeAs(1440, 1000);
    }

    @Test
    void on_a_phone_the_name_of_a_task_stands_above_its_buttons() {
        browser.beAsLargeAs(390, 844);
        browser.visit(fixture.url());
        fixture.simulator().nextCallbacks(CallbackPlan.afterAnswer());
        fixture.add(aTask("task-d3c25c1f-4bc9"));
        browser.awaitThat("the task is listed", () -> browser.count("[data-id=task-d3c25c1f-4bc9]") == 1);
        browser.click("[data-id=task-d3c25c1f-4bc9]");
        browser.awaitThat(
                "it can be cancelled", () -> browser.the("#cancel-task").isDisplayed());

        assertThat(browser.the("#detail-title").getRect().getHeight()).isLessThan(30);
        browser.beAsLargeAs(1440, 1000);
    }

    @Test
    void the_keyboard_alone_is_enough() {
        browser.tabTo("#new-task");
        browser.press(Keys.ENTER);
        browser.tabTo("#field-Body");
        browser.press(Keys.chord(Keys.CONTROL, "a"), "by keyboard");
        browser.tabTo("#add");
        browser.press(Keys.ENTER);
        browser.awaitText("#end", "Final");
        browser.awaitText("#screen", "by keyboard");

        fixture.add(aTask("below"));
        browser.awaitThat("the task is listed", () -> browser.count("[data-id=below]") == 1);
        browser.tabTo("#list");
        browser.press(Keys.HOME);
        browser.awaitTask("below");
        browser.press(Keys.ARROW_DOWN);
        browser.awaitThat(
                "another task is chosen", () -> !browser.text("#detail-title").contains("below"));

        browser.tabTo("#node-FINAL");
        browser.press(Keys.ENTER);
        browser.awaitText("#filter", "Came through: Final");
        assertThat(browser.the("#node-FINAL").getAttribute("aria-pressed")).isEqualTo("true");
        browser.press(Keys.SPACE);
        browser.awaitThat("the filter is off", () -> !browser.the("#filter").isDisplayed());
    }

    static boolean hasAxe() {
        return Browser.hasAxe() || System.getenv("AXE_REQUIRED") != null;
    }

    @ParameterizedTest
    @CsvSource({"1440, 1000, false", "1440, 1000, true", "390, 844, false", "390, 844, true"})
    @EnabledIf(value = "hasAxe", disabledReason = "there is no axe-core (npm ci --prefix .ci)")
    void axe_core_finds_nothing_in_any_state(int width, int height, boolean isDark) throws IOException {
        String name = "axe-" + width + isDark;
        for (String to : new String[] {"+15558675310", "+15005550001", "+12025550190"}) {
            Map<String, Object> task = aTask(name + to.charAt(3) + to.charAt(11));
            task.put("number_to", to);
            fixture.add(task);
        }
        try (SeverableConnection connection = new SeverableConnection(fixture.url())) {
            browser.visit(connection.url());
            browser.beAsLargeAs(width, height);
            browser.beDark(isDark);
            // A long list costs axe-core time and shows nothing new.
            browser.type("#search", name);
            browser.awaitThat("the tasks are listed", () -> browser.count("[data-id^=" + name + "]") == 3);
            findsNothing("the list");
            assertThat(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"))
                    .isEqualTo(true);
            for (String end : new String[] {"green", "red", "moving"}) {
                browser.awaitThat(end, () -> browser.count("#list ." + end) == 1);
                browser.run("document.querySelector('#list ." + end + "').click()");
                browser.awaitText("#detail-title", name);
                findsNothing("a task that is " + end);
            }
            browser.run("document.getElementById('node-CALLING_API').focus()");
            browser.press(Keys.ENTER);
            findsNothing("a pressed node");
            importFile("number_to,body\n,nobody\n+15005550001,Refused\n");
            browser.awaitText("#import-send", "Send 1");
            findsNothing("a checked file");
            browser.run("document.getElementById('import-send').click()");
            browser.awaitText("#bulk-text", "1 of 1 done: 1 refused");
            findsNothing("a sent file");
            browser.run("document.getElementById('new-task').click()");
            browser.run("document.querySelector('#inputs details').open = true");
            findsNothing("the form");
            browser.paste("#field-Number_to", "");
            browser.run("document.getElementById('add').click()");
            browser.awaitText("#field-Number_to-problem", "is required");
            findsNothing("a refused form");
            browser.paste("#code", "{");
            findsNothing("a form without a task");
            browser.press(Keys.ESCAPE);
            browser.type("#search", "nothing like this");
            browser.awaitText("#nothing", "No task matches");
            findsNothing("nothing found");
            connection.cut();
            browser.awaitText("#connection", "not connected");
            findsNothing("a stack that is gone");
        } finally {
            browser.beAsLargeAs(1440, 1000);
            browser.beDark(false);
            browser.visit(fixture.url());
        }
    }

    private static void findsNothing(String state) {
        assertThat(browser.findings()).as(state).isEmpty();
    }

    @Test
    void a_list_says_why_a_task_is_red_and_is_searched_by_status_code_and_text() {
        for (String[] to : new String[][] {{"seek-green", "+15558675310"}, {"seek-red", "+15005550004"}}) {
            Map<String, Object> task = aTask(to[0]);
            task.put("number_to", to[1]);
            task.put("body", "Only in " + to[0]);
            fixture.add(task);
        }
        browser.awaitText("[data-id=seek-red]", "opted_out: The recipient has answered STOP");
        assertThat(browser.text("[data-id=seek-red]")).contains("21610", " UTC");
        for (String words : new String[] {"21610", "opted_out", "has answered stop", "escalation"}) {
            browser.type("#search", words);
            browser.awaitThat(
                    words,
                    () -> browser.count("[data-id=seek-red]") == 1 && browser.count("[data-id=seek-green]") == 0);
        }
        // The text of a task goes with its end.
        fixture.simulator().nextCallbacks(CallbackPlan.afterAnswer());
        Map<String, Object> held = aTask("seek-held");
        held.put("body", "Only while it waits");
        fixture.add(held);
        browser.type("#search", "only while");
        browser.awaitThat("found by its text", () -> browser.count("[data-id=seek-held]") == 1);
        assertThat(browser.count("[data-id=seek-red], [data-id=seek-green]")).isZero();
        browser.type("#search", "seek-");
        browser.click("#colours [data-colour=green]");
        browser.awaitThat("only the green one", () -> browser.count("#list [role=option]") == 1);
        assertThat(browser.the("#colours [data-colour=green]").getAttribute("aria-pressed"))
                .isEqualTo("true");
        browser.type("#search", "seek-red");
        browser.awaitText("#nothing", "No task matches");

        browser.click("#nothing button");

        browser.awaitThat("all are shown", () -> browser.count("[data-id=seek-red], [data-id=seek-green]") == 2);
        assertThat(browser.value("#search")).isEmpty();
    }

    @Test
    void what_was_not_sent_is_called_again_and_any_task_is_used_as_new() {
        int before = fixture.simulator().messages().size();
        browser.click("#new-task");
        browser.choose("#fault", "QUOTA");
        browser.type("#field-Body", "Twice is enough");
        browser.click("#add");
        browser.awaitText("#end", "Escalation 63038");
        String id = browser.text("#detail-title");
        assertThat(browser.value("#fault")).as("a fault is for one task").isEmpty();

        browser.click("#again");

        browser.awaitText("#end", "Final");
        assertThat(browser.text("#detail-title")).isEqualTo(id);
        assertThat(fixture.simulator().messages()).hasSize(before + 1);
        assertThat(browser.the("#again").isDisplayed())
                .as("nothing to call again")
                .isFalse();

        browser.click("#as-new");

        assertThat(browser.value("#field-Number_to")).isEqualTo("+15558675310");
        assertThat(browser.value("#code")).as("the text has gone").doesNotContain("body", "Body");
        browser.type("#field-Body", "Twice is enough");
        assertThat(id).doesNotContain(browser.value("#field-task_id"));
        browser.click("#add");
        browser.awaitThat("another task", () -> !browser.text("#detail-title").equals(id));
        browser.awaitText("#end", "Final");
        assertThat(fixture.simulator().messages()).hasSize(before + 2);
        browser.press(Keys.ESCAPE);
        browser.awaitThat(
                "Escape closes the task", () -> !browser.the("#detail").isDisplayed());
    }

    @Test
    void a_file_is_counted_by_what_came_of_its_rows_with_a_link_to_what_was_not_sent() {
        String csv = "task_id,number_to\nlinked-green,+15558675310\nlinked-red,+15005550001\n";
        importFile(csv);
        browser.awaitText("#import-send", "Send 2");
        browser.click("#import-send");
        browser.awaitThat("the counts", () -> browser.text("#bulk-text").equals("2 of 2 done: 1 sent, 1 refused"));

        browser.click("#troubles button");

        browser.awaitTask("linked-red", "21211");
        importFile(csv);
        browser.awaitText("#import-send", "Send 2");
        browser.click("#import-send");
        browser.awaitThat(
                "the counts of the same file",
                () -> browser.text("#bulk-text").equals("2 of 2 done: 1 known already, 1 refused"));
    }

    @Test
    void the_focus_differs_from_the_path_of_a_task() {
        fixture.add(aTask("ringed"));
        browser.awaitThat("the task is listed", () -> browser.count("[data-id=ringed].green") == 1);
        browser.click("[data-id=ringed]");
        browser.awaitThat("Final is lit up", () -> browser.isLit("FINAL"));
        assertThat(browser.the("#node-FINAL .ring").isDisplayed()).isFalse();

        browser.tabTo("#node-FINAL");

        assertThat(browser.the("#node-FINAL .ring").isDisplayed()).isTrue();
        assertThat(browser.run("return getComputedStyle(document.querySelector('#node-FINAL .ring')).stroke"))
                .isNotEqualTo(browser.run(
                        "return getComputedStyle(document.querySelector('#node-WAITING rect:not(.ring)')).stroke"));
        assertThat(browser.text("#node-FINAL")).contains("Final", "here", "through");
    }

    @Test
    void more_than_a_thousand_are_shown_when_asked_for() {
        try (ConsoleFixture many = new ConsoleFixture()) {
            many.add(aTask("copied"));
            await("copied at Final").until(() -> many.isAt("copied", "Final"));
            many.copy("copied", 1100);
            browser.visit(many.url());
            browser.awaitText("#count", "1101");
            assertThat(browser.count("#list [role=option]")).isEqualTo(1000);
            assertThat(browser.text("#more")).isEqualTo("Show 101 more");

            browser.click("#more");

            browser.awaitThat("all tasks are listed", () -> browser.count("#list [role=option]") == 1101);
            assertThat(browser.the("#more").isDisplayed()).isFalse();
            browser.visit(fixture.url());
        }
    }

    @Test
    void five_hundred_recipients_are_imported_and_each_is_reachable() {
        StringBuilder csv = new StringBuilder("task_id,number_to,body\n");
        for (int i = 0; i < 500; i++) {
            csv.append("many-")
                    .append(i)
                    .append(",+15558675310,Hello ")
                    .append(i)
                    .append('\n');
        }
        importFile(csv.toString());
        browser.awaitText("#file-note", "recipients.csv: 500 good, 0 bad");
        browser.click("#import-send");

        browser.awaitText("#bulk-text", "500 of 500 done");
        assertThat(browser.text("#bulk-text")).doesNotContain("refused");
        browser.awaitThat("all tasks are listed", () -> browser.count("[data-id^=many-]") == 500);
        browser.awaitThat("all tasks are green", () -> browser.count("[data-id^=many-].green") == 500);
        for (String id : new String[] {"many-0", "many-250", "many-499"}) {
            browser.run("document.querySelector('[data-id=" + id + "]').scrollIntoView()");
            browser.click("[data-id=" + id + "]");
            browser.awaitTask(id, "delivered");
        }
        browser.type("#search", "many-49");
        browser.awaitThat("eleven tasks are found", () -> browser.count("#list [role=option]") == 11);
    }
}
