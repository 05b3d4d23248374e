package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageStatusTest {

    /**
     * Twilio signs names and values joined without a separator. The holder of a signed form may split it elsewhere and
     * shorten a value; no status may become another one by that.
     */
    @Test
    void no_status_is_the_beginning_of_another() {
        List<String> words = List.of(
                "scheduled",
                "accepted",
                "queued",
                "sending",
                "sent",
                "delivered",
                "undelivered",
                "failed",
                "canceled",
                "read");
        for (String word : words) {
            assertThat(status(word).isKnown()).as(word).isTrue();
            for (int length = 1; length < word.length(); length++) {
                assertThat(status(word.substring(0, length)).isKnown())
                        .as(word.substring(0, length))
                        .isFalse();
            }
        }
    }

    @Test
    void ranks_rise_in_the_contracts_order() {
        List<List<String>> order = List.of(
                List.of("scheduled", "accepted"),
                List.of("queued"),
                List.of("sending"),
                List.of("sent"),
                List.of("delivered"),
                List.of("read"));
        for (int lower = 0; lower < order.size(); lower++) {
            for (int higher = lower + 1; higher < order.size(); higher++) {
                for (String low : order.get(lower)) {
                    for (String high : order.get(higher)) {
                        assertThat(status(high).supersedes(status(low).rank()))
                                .as("%s after %s", high, low)
                                .isTrue();
                        assertThat(status(low).supersedes(status(high).rank()))
                                .as("%s after %s", low, high)
                                .isFalse();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheduled",
                "accepted",
                "queued",
                "sending",
                "sent",
                "delivered",
                "undelivered",
                "failed",
                "canceled",
                "read"
            })
    void no_status_supersedes_itself(String word) {
        assertThat(status(word).isKnown()).isTrue();
        assertThat(status(word).supersedes(status(word).rank())).isFalse();
        assertThat(status(word).supersedes(MessageStatus.NO_RANK)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "delivered,Final",
        "read,Final",
        "undelivered,Escalation",
        "failed,Escalation",
        "canceled,Escalation",
        "sent,Waiting for Callback",
        "scheduled,Waiting for Callback"
    })
    void a_status_leads_to_its_node(String word, String node) {
        assertThat(status(word).node().label()).isEqualTo(node);
        assertThat(status(word).isFinal()).isEqualTo(!node.startsWith("Waiting"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"partially_delivered", "receiving", "Delivered", " sent", ""})
    void a_word_that_is_not_exactly_one_of_twilios_is_unknown_and_never_final(String word) {
        assertThat(status(word).isKnown()).isFalse();
        assertThat(status(word).isFinal()).isFalse();
        assertThat(status(word).supersedes(MessageStatus.NO_RANK)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sent", "brand_new", "partially-delivered", "-", "_", "abcdefghijklmnopqrstuvwxyz_-abcd"})
    void a_status_is_a_word_of_at_most_32_lower_case_letters_hyphens_and_underscores(String word) {
        assertThat(MessageStatus.isWord(word)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "sent ",
                "DELIVERED",
                "sentS",
                "sent2",
                "{{status}}",
                "<script>",
                "se`nt",
                "sent{",
                "\uff53\uff45\uff4e\uff54",
                "\u017fent",
                "sent\n",
                "abcdefghijklmnopqrstuvwxyz_-abcde"
            })
    void anything_else_is_no_status(String text) {
        assertThat(MessageStatus.isWord(text)).isFalse();
    }

    private static MessageStatus status(String word) {
        return new MessageStatus(word);
    }
}
