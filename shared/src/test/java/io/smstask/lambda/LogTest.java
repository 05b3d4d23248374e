package io.smstask.lambda;

import static io.smstask.task.Samples.ACCOUNT;
import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.task.Escalation;
import io.smstask.task.MessageStatus;
import io.smstask.task.Misconfigured;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.testing.TestContext;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogTest {

    private final List<String> lines = new ArrayList<>();
    private final Log log = new Log(line -> lines.add(TestContext.lines(line)));

    @Test
    void a_line_is_one_json_object() {
        log.event("callback applied").task(TASK_ID).sid(SID).answer(204).write();

        assertThat(lines).containsExactly("""
                        {"message":"callback applied","task_id":"order-4711",\
                        "sid":"SM00000000000000000000000000000001","answer":204}
                        """);
    }

    @Test
    void a_line_names_an_account() {
        log.event("callback_forged").account(ACCOUNT).write();

        assertThat(lines).containsExactly("""
                        {"message":"callback_forged","AccountSid":"AC00000000000000000000000000000001"}
                        """);
    }

    @Test
    void nothing_is_written_before_the_line_ends() {
        log.event("callback applied").task(TASK_ID);

        assertThat(lines).isEmpty();
    }

    @Test
    void a_task_is_told_by_ids_node_status_and_code_and_by_nothing_else() {
        Escalation refused = new Escalation.TwilioError(
                "21211", "The 'To' number +15558675310 is not valid.", Optional.of("https://e"), Retryable.NO);
        Task failed = task().escalated(refused, NOW);

        log.event("twilio refused").task(failed).write();

        assertThat(lines).containsExactly("""
                        {"message":"twilio refused","task_id":"order-4711","node":"Escalation","code":"21211"}
                        """);
    }

    @Test
    void a_waiting_task_shows_its_sid_and_status() {
        Task sent = reported("sent").appliedTo(task());

        log.event("callback applied").task(sent).write();

        assertThat(lines.get(0))
                .contains("\"sid\":\"" + SID + "\"", "\"status\":\"sent\"")
                .doesNotContain("5558675310", "order is on its way", "claim-1", "hash-of", "4711,");
    }

    @Test
    void a_word_that_could_be_anything_is_not_written_out() {
        log.event("callback").status(new MessageStatus("+15558675310")).write();

        assertThat(lines.get(0)).contains("\"status\":\"unknown\"").doesNotContain("5558675310");
    }

    @Test
    void an_errors_message_never_appears() {
        Throwable error =
                new StoreUnavailable("message with +15558675310", new IllegalStateException("cause with +15558675310"));
        error.addSuppressed(new IllegalStateException("suppressed with +15558675310"));

        log.event("store unavailable").error(error).write();

        assertThat(lines).containsExactly("""
                        {"message":"store unavailable","error":"io.smstask.task.StoreUnavailable",\
                        "cause":"java.lang.IllegalStateException"}
                        """);
    }

    @Test
    void an_error_without_a_cause_has_none() {
        log.event("bug").error(new IllegalStateException("private")).write();

        assertThat(lines).containsExactly("{\"message\":\"bug\",\"error\":\"java.lang.IllegalStateException\"}\n");
    }

    @Test
    void a_line_break_in_a_value_does_not_start_a_line() {
        log.event("first\nsecond").write();

        assertThat(lines.get(0)).isEqualTo("{\"message\":\"first\\nsecond\"}\n");
    }

    @Test
    void awss_name_and_status_are_told() {
        AwsFailure denied = new AwsFailure("DynamoDB", new AwsError("AccessDeniedException", 400));

        log.event("misconfigured").error(new Misconfigured("m", denied)).write();

        assertThat(lines.get(0)).endsWith("\"aws_error\":\"AccessDeniedException\",\"aws_status\":400}\n");
    }

    @Test
    void without_an_answer_there_is_no_status() {
        AwsFailure silent = new AwsFailure("DynamoDB", new AwsError("", 0));

        log.event("store_unavailable").error(new StoreUnavailable("m", silent)).write();

        assertThat(lines.get(0)).endsWith("\"aws_error\":\"no_answer\"}\n");
    }

    @Test
    void a_word_tells_what_is_wrong_with_the_secret() {
        CredentialsUnavailable half = new CredentialsUnavailable(SecretFault.HALF_API_KEY);

        log.event("misconfigured").error(half.forCallers()).count(3).write();

        assertThat(lines).containsExactly("""
                        {"message":"misconfigured","error":"io.smstask.task.Misconfigured",\
                        "cause":"io.smstask.twilio.CredentialsUnavailable","secret":"half_api_key","count":3}
                        """);
    }
}
