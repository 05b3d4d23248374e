package io.smstask.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.ListedMessage;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as Twilio's answer. */
final class TwilioMessagesFuzzTest {

    private static final MessageSid SID = new MessageSid(PollFixture.SID);
    private static final String MESSAGE = """
            {"sid": "SM00000000000000000000000000000001", "account_sid": "AC00000000000000000000000000000001",
             "to": "+15558675310", "from": null, "messaging_service_sid": "MG00000000000000000000000000000001",
             "body": "Hello", "num_media": "0", "direction": "outbound-api", "status": "undelivered",
             "error_code": 30005, "num_segments": "1", "date_created": "Tue, 24 Nov 2026 12:00:00 +0000",
             "date_sent": "Tue, 24 Nov 2026 12:00:07 +0000"}
            """;

    static Stream<byte[]> answers() {
        return Stream.of(
                        MESSAGE,
                        "{\"messages\": [" + MESSAGE + ", " + MESSAGE + "], \"next_page_uri\": null}",
                        "{\"messages\": [{\"direction\": \"inbound\", \"date_sent\": \"Tue\"}]}",
                        "<h1>Bad gateway</h1>")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("answers")
    @FuzzTest(maxDuration = "10m")
    void an_answer_is_read_whole_or_not_at_all(byte[] body) {
        if (TwilioMessages.read(SID, body) instanceof Look.Seen seen) {
            assertThat(seen.message().sid()).isEqualTo(SID);
            assertThat(MessageStatus.isWord(seen.message().status().word())).isTrue();
        }
        List<ListedMessage> messages = new ArrayList<>();
        try {
            Map<String, Object> page = Json.parseObject(body);
            TwilioMessages.readPage(page, Instant.parse("2026-11-24T12:00:00Z"), messages);
            assertThat(messages).hasSizeLessThanOrEqualTo(((List<?>) page.get("messages")).size());
        } catch (BadJson e) {
            assertThat(e.getMessage()).doesNotContain("+1555");
            return;
        }
        for (ListedMessage message : messages) {
            assertThat(MessageStatus.isWord(message.status().word())).isTrue();
            assertThat(message.to().value()).isNotEmpty();
        }
    }
}
