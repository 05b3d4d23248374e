package io.smstask.send;

import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import java.time.Duration;
import java.util.Optional;

/** What came of one request to Twilio, kept apart by what may be done next. */
sealed interface TwilioAnswer {

    /** Twilio took the message. */
    record Accepted(MessageSid sid, MessageStatus status, Optional<String> errorCode, Optional<Integer> numSegments)
            implements TwilioAnswer {}

    /** Twilio said 2xx, but the sid or the status is missing. */
    record Incomplete(Optional<MessageSid> sid) implements TwilioAnswer {}

    /**
     * Twilio refused for good: nothing was sent.
     *
     * @param httpStatus 4xx, but not 429
     */
    record Refused(int httpStatus, Escalation.TwilioError error) implements TwilioAnswer {}

    /**
     * Surely nothing was sent, and the same request may be made again: Twilio's rate limit, or no connection came about.
     *
     * @param retryAfter how long Twilio asks to wait, where it says so
     */
    record NotSent(Escalation error, Optional<Duration> retryAfter) implements TwilioAnswer {}

    /** The request was, or may have been, written, and nobody knows what came of it: it must never be made again. */
    record Unknown(Escalation.CallError error) implements TwilioAnswer {}
}
