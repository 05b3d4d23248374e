package io.smstask.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchAnswerTest {

    private static final Set<String> IDS = Set.of("id-1", "id-2", "id-3");

    @Test
    void the_named_ones_failed() {
        assertThat(failed("{\"batchItemFailures\":[{\"itemIdentifier\":\"id-1\"},{\"itemIdentifier\":\"id-3\"}]}"))
                .containsExactlyInAnyOrder("id-1", "id-3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{}",
                "{\"handled\":3}",
                "{\"batchItemFailures\":null}",
                "{\"batchItemFailures\":[]}"
            })
    void without_a_name_all_went_well(String answer) {
        assertThat(failed(answer)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"batchItemFailures\":[",
                "done",
                "\"done\"",
                "[]",
                "{\"batchItemFailures\":\"id-1\"}",
                "{\"batchItemFailures\":{\"itemIdentifier\":\"id-1\"}}",
                "{\"batchItemFailures\":[\"id-1\"]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":1}]}",
                "{\"batchItemFailures\":[{\"messageId\":\"id-1\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"id-4\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"id-1\"},{\"itemIdentifier\":\"\"}]}"
            })
    void an_answer_that_makes_no_sense_fails_the_whole_batch(String answer) {
        assertThat(failed(answer)).isEqualTo(IDS);
    }

    private static Set<String> failed(String answer) {
        return BatchAnswer.failed(answer.getBytes(StandardCharsets.UTF_8), IDS);
    }
}
