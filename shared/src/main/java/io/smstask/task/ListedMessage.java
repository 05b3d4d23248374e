package io.smstask.task;

import java.time.Instant;
import java.util.Optional;

/**
 * One of our messages as Twilio's list shows it.
 *
 * @param to in Twilio's spelling
 * @param from the sender; empty while the messaging service has not chosen one
 * @param messagingService the messaging service that it was sent through
 * @param body the text as Twilio stores it
 * @param createdAt when Twilio took it, to the second
 * @param errorText Twilio's text about the error, not cleaned
 * @see
 *     <a href="https://www.twilio.com/docs/messaging/api/message-resource#message-properties">Twilio: message properties</a>
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
