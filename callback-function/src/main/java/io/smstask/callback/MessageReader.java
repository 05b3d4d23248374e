package io.smstask.callback;

import io.smstask.credentials.TwilioCredentials;
import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import java.util.Optional;

/** Asks Twilio how a message stands. */
interface MessageReader {

    /** One look at one message. */
    Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials);

    /** What a look showed. */
    sealed interface Look {

        /** The message's present status. */
        record Seen(MessageStatus status, Optional<String> errorCode, Optional<Integer> numSegments) implements Look {}

        /** Twilio has no such message any more. */
        record NotThere() implements Look {}

        /** Twilio wants fewer requests. */
        record RateLimited() implements Look {}

        /** Twilio did not answer, or not with a message. */
        record Unreadable() implements Look {}
    }
}
