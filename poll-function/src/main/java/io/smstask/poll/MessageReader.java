package io.smstask.poll;

import io.smstask.task.AccountSid;
import io.smstask.task.ListedMessage;
import io.smstask.task.MessageSid;
import io.smstask.task.Sms;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Asks Twilio for messages. */
interface MessageReader {

    /** One look at one message. */
    Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials);

    /**
     * The messages that were sent to the recipient of an SMS, from its sender where it has one.
     *
     * @param since messages that Twilio took earlier need not be in it
     */
    Listing list(Sms sms, Instant since, TwilioCredentials credentials);

    /**
     * One page of all the messages of an account, what was sent last first.
     *
     * @param until the first page may begin with messages that were sent by then; Twilio promises that only for whole days
     * @param page what the page before named as the next one; empty for the first
     * @param each takes the messages, while the page is read
     */
    Listing page(
            AccountSid account,
            Instant until,
            String page,
            TwilioCredentials credentials,
            Consumer<TwilioMessage> each);

    /** What the list showed. */
    sealed interface Listing {

        /** All of them that Twilio's list has; it may lack the latest. */
        record Read(List<ListedMessage> messages) implements Listing {}

        /**
         * A page was read.
         *
         * @param next the next one; empty if there is none
         */
        record PageRead(String next) implements Listing {}

        /** Twilio wants fewer requests. */
        record RateLimited(Duration retryAfter) implements Listing {}

        /** Twilio does not accept the credentials. */
        record Refused() implements Listing {}

        /** Twilio did not answer, or not with a list, or with one that is too long to be read. */
        record Unreadable() implements Listing {}
    }

    /** What a look showed. */
    sealed interface Look {

        /** The message as it stands. */
        record Seen(TwilioMessage message) implements Look {}

        /** Twilio itself says that it has no such message any more. */
        record NotThere() implements Look {}

        /** Twilio's list was read, and no message in it is surely the task's. */
        record NoMatch() implements Look {}

        /**
         * Twilio wants fewer requests.
         *
         * @param retryAfter how long it wants to rest; zero if it does not say
         */
        record RateLimited(Duration retryAfter) implements Look {}

        /** Twilio does not accept the credentials. */
        record Refused() implements Look {}

        /** Twilio did not answer, or not with a message. */
        record Unreadable() implements Look {}
    }
}
