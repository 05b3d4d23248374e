package io.smstask.send;

import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.twilio.TwilioCredentials;
import java.time.Duration;

/** Asks Twilio to cancel a message, and how it stands. Each is one request, and may be made again. */
interface CancelGateway {

    /**
     * Asks Twilio to cancel the message.
     *
     * @param patience how long to wait, from connecting to the last byte of the answer
     */
    TwilioAnswer cancel(AccountSid account, MessageSid sid, TwilioCredentials credentials, Duration patience);

    /**
     * Asks Twilio for the message.
     *
     * @param patience as above
     */
    TwilioAnswer read(AccountSid account, MessageSid sid, TwilioCredentials credentials, Duration patience);
}
