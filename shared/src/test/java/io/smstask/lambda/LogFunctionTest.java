package io.smstask.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.settings.Settings;
import io.smstask.testing.TestContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogFunctionTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_795_000_000_000L), ZoneOffset.UTC);

    private final TestContext context = new TestContext(Duration.ofSeconds(28));

    @Test
    void a_line_names_its_stack_its_function_s_request_and_api_gateway_s() {
        Log log = logs("INFO").of(context.invocation());
        log.apiRequest("JKJaXmPLvHcESHA=");

        log.event("sent").write();
        log.event("sent").write();

        assertThat(context.logged()).isEqualTo("""
                {"level":"INFO","message":"sent","service":"stack-1",\
                "function_request_id":"00000000-0000-4000-8000-000000000001","api_request_id":"JKJaXmPLvHcESHA=",\
                "cold_start":true}
                {"level":"INFO","message":"sent","service":"stack-1",\
                "function_request_id":"00000000-0000-4000-8000-000000000001","api_request_id":"JKJaXmPLvHcESHA=",\
                "cold_start":false}
                """);
    }

    @Test
    void only_the_first_line_of_a_process_is_that_of_a_cold_start() {
        Log.Function logs = logs("INFO");
        logs.of(context.invocation()).event("first").write();
        var next = new TestContext(Duration.ofSeconds(28));

        logs.of(next.invocation()).event("second").write();

        assertThat(next.logged()).contains("\"cold_start\":false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+15558675310", "15558675310", "on its way", "a\nb", "{\"a\":1}"})
    void what_is_no_request_id_is_not_logged(String id) {
        Log log = logs("INFO").of(context.invocation());
        log.apiRequest(id);

        log.event("sent").write();

        assertThat(context.logged()).doesNotContain("api_request_id");
    }

    @Test
    void a_long_text_is_no_request_id() {
        Log log = logs("INFO").of(context.invocation());
        log.apiRequest("a".repeat(65));

        log.event("sent").write();

        assertThat(context.logged()).doesNotContain("api_request_id");
    }

    @Test
    void a_level_leaves_out_what_is_below_it() {
        Log log = logs("WARN").of(context.invocation());

        log.event("repeated").write();
        log.event(Level.WARN, "looks_rest").write();
        log.event(Level.ERROR, "failed").write();

        assertThat(context.lines()).isEqualTo("{\"message\":\"looks_rest\"}\n{\"message\":\"failed\"}\n");
    }

    @Test
    void a_line_with_metrics_is_written_at_every_level() {
        logs("ERROR")
                .of(context.invocation())
                .event("sent")
                .metric(Metric.ACCEPTED, 1)
                .write();

        assertThat(context.lines()).isEqualTo("{\"message\":\"sent\",\"accepted\":1}\n");
    }

    @Test
    void another_level_is_refused_at_start() {
        assertThatIllegalStateException()
                .isThrownBy(() -> logs("VERBOSE"))
                .withMessage("environment has unusable LOG_LEVEL (INFO, WARN or ERROR)");
    }

    @Test
    void metrics_are_told_to_cloudwatch_in_the_same_line() throws BadJson {
        logs("INFO")
                .of(context.invocation())
                .event("sent")
                .metric(Metric.ACCEPTED, 1)
                .metric(Metric.TIME_TO_ACCEPTED, 212)
                .write();

        assertThat(Json.parseObject(context.logged()))
                .containsEntry("accepted", 1)
                .containsEntry("time_to_accepted", 212)
                .containsEntry("service", "stack-1")
                .containsEntry("_aws", Json.parseObject("""
                        {"Timestamp":1795000000000,"CloudWatchMetrics":[{"Namespace":"smstask",\
                        "Dimensions":[["service"]],"Metrics":[{"Name":"accepted","Unit":"Count"},\
                        {"Name":"time_to_accepted","Unit":"Milliseconds"}]}]}
                        """));
    }

    @Test
    void what_has_a_reason_counts_in_all_and_by_reason() {
        logs("INFO")
                .of(context.invocation())
                .event("sent")
                .reason("account")
                .metric(Metric.REFUSED, 1)
                .metric(Metric.CALL_ERRORS, 1)
                .write();

        assertThat(context.logged())
                .contains(
                        "{\"Namespace\":\"smstask\",\"Dimensions\":[[\"service\"]],"
                                + "\"Metrics\":[{\"Name\":\"call_errors\",\"Unit\":\"Count\"}]}",
                        "{\"Namespace\":\"smstask\",\"Dimensions\":[[\"service\"],[\"service\",\"reason\"]],"
                                + "\"Metrics\":[{\"Name\":\"refused\",\"Unit\":\"Count\"}]}");
    }

    /** A metric's name is a field of the line: it must not take the place of another. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void no_metric_has_the_name_of_another_field(Metric metric) {
        assertThat(List.of(
                        "level",
                        "message",
                        "service",
                        "function_request_id",
                        "api_request_id",
                        "cold_start",
                        "_aws",
                        "reason",
                        "note",
                        "error",
                        "cause",
                        "count",
                        "answer",
                        "secret",
                        Wire.TASK_ID,
                        Wire.SID,
                        Wire.STATUS,
                        Wire.NODE,
                        Wire.CODE))
                .doesNotContain(metric.word());
    }

    private static Log.Function logs(String level) {
        Map<String, String> env = Map.of(
                "AWS_ACCESS_KEY_ID",
                "key",
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "SERVICE",
                "stack-1",
                "LOG_LEVEL",
                level);
        return new Log.Function(Settings.from(env), CLOCK);
    }
}
