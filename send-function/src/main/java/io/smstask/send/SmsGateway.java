package io.smstask.send;

import io.smstask.task.Sms;
import io.smstask.twilio.TwilioCredentials;
import java.time.Duration;

/** Sends requests to Twilio. */
interface SmsGateway {

    /**
     * Asks Twilio to send the message: one request, which is never repeated here, whatever happens.
     *
     * @param statusCallback the URL for Twilio's callbacks, connection-override fragment included
     * @param patience how long to wait, from connecting to the last byte of the answer
     * @return what Twilio answered, or what is known if it did not
     */
    TwilioAnswer send(Sms sms, TwilioCredentials credentials, String statusCallback, Duration patience);
}
