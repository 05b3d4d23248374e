package io.smstask.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

    private static final String[] SEND = {Settings.TASKS_TABLE, Settings.CALLBACK_BASE_URL};

    @Test
    void what_is_missing_or_unusable_is_named_all_at_once_and_never_quoted() {
        Map<String, String> env = Map.of(
                "AWS_ACCESS_KEY_ID", "AKIA",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "CALLBACK_BASE_URL", "   ",
                "TWILIO_API_URL", "private.example.com/",
                "TASK_TTL_DAYS", "private",
                "WAIT_HOURS", "0");

        assertThatIllegalStateException()
                .isThrownBy(() -> Settings.from(env, SEND))
                .withMessageStartingWith("environment lacks TASKS_TABLE, CALLBACK_BASE_URL; ")
                .withMessageContainingAll("TWILIO_API_URL", "TASK_TTL_DAYS", "WAIT_HOURS")
                .withMessageNotContaining("private");
    }

    @Test
    void a_gap_alone_is_named_alone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> with(Map.of("CALLBACK_BASE_URL", "")))
                .withMessage("environment lacks CALLBACK_BASE_URL");
    }

    @Test
    void a_function_needs_only_what_it_asks_for() {
        Map<String, String> env =
                Map.of("TASKS_TABLE", "tasks", "AWS_ACCESS_KEY_ID", "AKIA", "AWS_SECRET_ACCESS_KEY", "secret");

        assertThat(Settings.from(env, Settings.TASKS_TABLE).tasksTable()).isEqualTo("tasks");
    }

    @Test
    void defaults_are_the_contracts() {
        Settings settings = with(Map.of());

        assertThat(settings.twilioApiUrl()).isEqualTo("https://api.twilio.com");
        assertThat(settings.taskTtl()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.waitForStatus()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.twilioSecretId()).isEmpty();
        assertThat(settings.awsEndpoint("DYNAMODB")).isEmpty();
    }

    @Test
    void what_is_set_is_taken() {
        Settings settings = with(Map.of(
                "TWILIO_API_URL", "http://127.0.0.1:8101",
                "TWILIO_SECRET_ID", "smstask/",
                "WAIT_HOURS", "1",
                "AWS_REGION", "eu-west-1"));

        assertThat(settings.callbackBaseUrl()).isEqualTo("https://callbacks.example.com");
        assertThat(settings.twilioApiUrl()).isEqualTo("http://127.0.0.1:8101");
        assertThat(settings.twilioSecretId()).contains("smstask/");
        assertThat(settings.waitForStatus()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.awsRegion()).isEqualTo("eu-west-1");
    }

    @Test
    void brakes_are_off_unless_they_are_set() {
        assertThat(with(Map.of()).allowedPrefixes()).isEmpty();
        assertThat(with(Map.of()).recipientLimit()).isZero();

        Settings settings =
                with(Map.of("ALLOWED_PREFIXES", "+1,+4930", "RECIPIENT_LIMIT", "5", "RECIPIENT_WINDOW_SECONDS", "600"));
        assertThat(settings.allowedPrefixes()).containsExactly("+1", "+4930");
        assertThat(settings.recipientLimit()).isEqualTo(5);
        assertThat(settings.recipientWindow()).isEqualTo(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @CsvSource({
        "ALLOWED_PREFIXES, 49",
        "ALLOWED_PREFIXES, +",
        "ALLOWED_PREFIXES, +0",
        "ALLOWED_PREFIXES, '+1,'",
        "ALLOWED_PREFIXES, '+1, +49'",
        "ALLOWED_PREFIXES, +1234567890123456",
        "RECIPIENT_LIMIT, -1",
        "RECIPIENT_LIMIT, 101",
        "RECIPIENT_LIMIT, few",
        "RECIPIENT_WINDOW_SECONDS, 59",
        "RECIPIENT_WINDOW_SECONDS, 86401",
        "SEND_QUEUE_RETRIES, 1001",
        "RETRY_DELAY_SECONDS, 0",
        "SEND_DEAD_LETTERS_URL, queue"
    })
    void what_cannot_work_is_named_at_start(String name, String value) {
        assertThatIllegalStateException()
                .isThrownBy(() -> with(Map.of(name, value)))
                .withMessageContaining(name);
    }

    @Test
    void a_queue_of_calls_needs_a_queue_for_dead_letters() {
        Settings settings =
                with(Map.of("SEND_QUEUE_URL", "https://sqs/calls", "SEND_DEAD_LETTERS_URL", "https://sqs/dead"));

        assertThat(with(Map.of()).sendQueueUrl()).isEmpty();
        assertThat(settings.sendQueueUrl()).contains("https://sqs/calls");
        assertThat(settings.sendDeadLettersUrl()).isEqualTo("https://sqs/dead");
        assertThat(settings.sendQueueRetries()).isEqualTo(24);
        assertThat(settings.retryDelay()).isEqualTo(Duration.ofMinutes(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> with(Map.of("SEND_QUEUE_URL", "https://sqs/calls")))
                .withMessage("environment lacks SEND_DEAD_LETTERS_URL");
    }

    @Test
    void an_empty_optional_setting_is_as_good_as_none() {
        Settings settings = with(Map.of("TWILIO_SECRET_ID", "", "TWILIO_API_URL", "", "TASK_TTL_DAYS", " "));

        assertThat(settings.twilioSecretId()).isEmpty();
        assertThat(settings.twilioApiUrl()).isEqualTo("https://api.twilio.com");
        assertThat(settings.taskTtl()).isEqualTo(Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource({"1,14", "13,14", "14,14", "15,15", "9999,9999"})
    void a_task_is_kept_at_least_fourteen_days_past_its_end(String set, long kept) {
        assertThat(with(Map.of("TASK_TTL_DAYS", set)).taskTtl()).isEqualTo(Duration.ofDays(kept));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "10000", "1.5", "24h", "1e3", "99999999999"})
    void a_count_is_a_whole_number_from_1_to_9999(String count) {
        for (String name : new String[] {"TASK_TTL_DAYS", "WAIT_HOURS"}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> with(Map.of(name, count)))
                    .withMessageContaining(name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://callbacks.example.com/",
                "callbacks.example.com",
                "ftp://callbacks.example.com",
                "https://",
                "https:///path",
                "https://callbacks.example.com?a=b",
                "https://callbacks.example.com#part",
                "https://user:password@callbacks.example.com",
                "https://callbacks.example.com/a b",
                " https://callbacks.example.com"
            })
    void a_base_url_is_refused_where_an_appended_path_would_not_work(String url) {
        for (String name : new String[] {"CALLBACK_BASE_URL", "TWILIO_API_URL"}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> with(Map.of(name, url)))
                    .withMessageContaining(name)
                    .withMessageNotContaining("password");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://callbacks.example.com",
                "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod",
                "http://127.0.0.1:8102"
            })
    void a_base_url_may_have_a_port_and_a_stage(String url) {
        assertThatNoException().isThrownBy(() -> with(Map.of("CALLBACK_BASE_URL", url)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TASKS_TABLE", "TWILIO_SECRET_ID", "EVENT_BUS", "AWS_REGION"})
    void a_blank_or_a_line_end_in_a_name_is_found_at_the_start_and_not_by_the_first_task(String name) {
        for (String value : new String[] {"private ", " private", "private\n", "pri vate", "private\u00a0"}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> with(Map.of(name, value)))
                    .withMessage("environment has unusable " + name + " (a name without blanks)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:8000", "dynamodb.eu-west-1.amazonaws.com", "https://a b", "http://127.0.0.1:8000 "})
    void an_endpoint_is_a_url(String url) {
        for (String name : new String[] {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SFN"}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> with(Map.of(name, url)))
                    .withMessage("environment has unusable " + name + " (an http or https URL)");
        }
        assertThatNoException().isThrownBy(() -> with(Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:8000/")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "yes", "1"})
    void a_switch_is_true_or_false(String value) {
        assertThatIllegalStateException()
                .isThrownBy(() -> with(Map.of("EVENTS_WITH_PERSONAL_DATA", value)))
                .withMessage("environment has unusable EVENTS_WITH_PERSONAL_DATA (true or false)");
        assertThat(with(Map.of("EVENTS_WITH_PERSONAL_DATA", "false")).hasEventsWithPersonalData())
                .isFalse();
    }

    @Test
    void a_services_own_endpoint_goes_before_the_common_one() {
        Settings settings = with(Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:4566",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8000"));

        assertThat(settings.awsEndpoint("DYNAMODB")).contains("http://127.0.0.1:8000");
        assertThat(settings.awsEndpoint("SECRETS_MANAGER")).contains("http://127.0.0.1:4566");
    }

    @Test
    void a_missing_access_key_is_a_gap_like_any_other() {
        assertThatIllegalStateException()
                .isThrownBy(() -> with(Map.of("AWS_SECRET_ACCESS_KEY", "")))
                .withMessage("environment lacks AWS_SECRET_ACCESS_KEY");
        assertThatIllegalStateException()
                .isThrownBy(() -> Settings.from(Map.of("TASKS_TABLE", "tasks"), SEND))
                .withMessage("environment lacks CALLBACK_BASE_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY");
    }

    @Test
    void an_access_key_is_as_it_is_set_and_is_not_printed() {
        assertThat(with(Map.of()).awsAccessKey())
                .isEqualTo(new Settings.AwsAccessKey("AKIA", "secret", Optional.empty()))
                .hasToString("***");
        assertThat(with(Map.of("AWS_SESSION_TOKEN", "session")).awsAccessKey().sessionToken())
                .contains("session");
    }

    /** Valid settings of send-function, with some changed or added. */
    private static Settings with(Map<String, String> changes) {
        Map<String, String> env = new HashMap<>(Map.of(
                "TASKS_TABLE", "tasks",
                "CALLBACK_BASE_URL", "https://callbacks.example.com",
                "AWS_ACCESS_KEY_ID", "AKIA",
                "AWS_SECRET_ACCESS_KEY", "secret"));
        env.putAll(changes);
        return Settings.from(env, SEND);
    }

    @Test
    void texts_go_unless_the_stack_is_to_keep_them() {
        assertThat(with(Map.of()).keepsTexts()).isFalse();
        assertThat(with(Map.of("KEEP_TEXTS", "false")).keepsTexts()).isFalse();
        assertThat(with(Map.of("KEEP_TEXTS", "true")).keepsTexts()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> with(Map.of("KEEP_TEXTS", "yes")))
                .withMessage("environment has unusable KEEP_TEXTS (true or false)");
    }
}
