package io.smstask.local.aws;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.local.template.Template;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

final class LocalQueuesTest {

    private static final Template.Queue TASKS = new Template.Queue(
            "Tasks",
            Map.of("VisibilityTimeout", "360", "MessageRetentionPeriod", "3600"),
            Optional.of(new Template.Redrive("DeadLetters", 5)));
    private static final Template.Queue DEAD_LETTERS = new Template.Queue("DeadLetters", Map.of(), Optional.empty());

    @Test
    void queues_are_as_the_template_has_them() {
        try (LocalQueues queues = LocalQueues.start(List.of(TASKS, DEAD_LETTERS))) {
            JsonNode attributes = queues.get("Tasks")
                    .call("GetQueueAttributes", Map.of("AttributeNames", List.of("All")))
                    .path("Attributes");

            assertThat(attributes.path("VisibilityTimeout").asText()).isEqualTo("360");
            assertThat(attributes.path("RedrivePolicy").asText())
                    .contains("\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:DeadLetters\"")
                    .contains("\"maxReceiveCount\":5");
        }
    }

    @Test
    void references_lead_to_this_machine() {
        try (LocalQueues queues = LocalQueues.start(List.of(TASKS, DEAD_LETTERS))) {
            assertThat(queues.endpoint()).hasScheme("http").hasHost("127.0.0.1");
            assertThat(queues.references())
                    .containsEntry("Tasks", queues.endpoint() + "/000000000000/Tasks")
                    .containsEntry("Tasks.Arn", "arn:aws:sqs:us-east-1:000000000000:Tasks")
                    .containsKeys("DeadLetters", "DeadLetters.Arn");
        }
    }

    @Test
    void an_engine_that_is_closed_keeps_nobody_waiting() {
        LocalQueues queues = LocalQueues.start(List.of(DEAD_LETTERS));
        LocalQueue queue = queues.get("DeadLetters");
        // For longer than the test is patient.
        var receive = CompletableFuture.supplyAsync(
                () -> queue.call("ReceiveMessage", Map.of("MaxNumberOfMessages", 1, "WaitTimeSeconds", 20)));
        queues.close();

        await("the end of the receive").until(receive::isDone);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(receive::get)
                .withCauseInstanceOf(UncheckedIOException.class);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> queue.call("GetQueueAttributes", Map.of()));
    }

    @Test
    void what_sqs_refuses_is_named_without_the_message() {
        try (LocalQueues queues = LocalQueues.start(List.of(DEAD_LETTERS))) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> queues.get("DeadLetters").call("Purge", Map.of("MessageBody", "private")))
                    .withMessageStartingWith("Purge was refused")
                    .withMessageNotContaining("private");
        }
    }

    @Test
    void a_queue_that_is_not_there_is_an_error() {
        try (LocalQueues queues = LocalQueues.start(List.of(DEAD_LETTERS))) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> queues.get("Elsewhere"))
                    .withMessage("template.yaml has no queue Elsewhere");
        }
    }
}
