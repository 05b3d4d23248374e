package io.smstask.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * An answer of DynamoDB, Secrets Manager or Twilio.
 *
 * @param headers without those of the connection
 */
record DownstreamReply(int status, Map<String, String> headers, byte[] body) {

    DownstreamReply {
        headers = Map.copyOf(headers);
    }

    /** This answer about another task. DynamoDB's own checksum, which its clients verify, goes along. */
    DownstreamReply about(String task, String recordedTask) {
        if (task.equals(recordedTask)) {
            return this;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        return new DownstreamReply(
                status, headers, text.replace(recordedTask, task).getBytes(StandardCharsets.UTF_8));
    }

    long crc32() {
        var crc = new CRC32();
        crc.update(body);
        return crc.getValue();
    }
}
