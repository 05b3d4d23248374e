package io.smstask.task;

import java.time.Instant;
import java.util.Optional;

/**
 * A message of ours as Twilio's list shows it.
 *
 * @param to in Twilio's spelling
 * @param from the sender; empty while the messaging service has not chosen one
 * @param messagingService the messaging service that it was sent through
 * @param body the text as Twilio keeps it
 * @param createdAt when Twilio took it, to the second
 * @param errorText what Twilio says of the error, in Twilio's own words
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource#message-properties">Twilio: message
 *     properties</a>
 */
public record ListedMessage(
        MessageSid sid,
        AccountSid account,
        PhoneNumber to,
        Optional<PhoneNumber> from,
        Optional<String> messagingService,
        MessageText body,
        boolean hasMedia,
        Instant createdAt,
        MessageStatus status,
        Optional<String> errorCode,
        Optional<String> errorText,
        Optional<Integer> numSegments) {}
