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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

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
            AccountSid account, Instant until, String page, TwilioCredentials credentials, Consumer<Look.Seen> each);

    /** What the list showed. */
    sealed interface Listing {

        /** What a look by this list shows: each case says it, and those that were read are given a function. */
        Look look(Function<List<ListedMessage>, Look> read, Function<String, Look> pageRead);

        /** All of them that Twilio's list has; it may lack the latest. */
        record Read(List<ListedMessage> messages) implements Listing {

            @Override
            public Look look(Function<List<ListedMessage>, Look> read, Function<String, Look> pageRead) {
                return read.apply(messages);
            }
        }

        /**
         * A page was read.
         *
         * @param next the next one; empty if there is none
         */
        record PageRead(String next) implements Listing {

            @Override
            public Look look(Function<List<ListedMessage>, Look> read, Function<String, Look> pageRead) {
                return pageRead.apply(next);
            }
        }

        /** Twilio wants fewer requests. */
        record RateLimited(Duration retryAfter) implements Listing {

            @Override
            public Look look(Function<List<ListedMessage>, Look> read, Function<String, Look> pageRead) {
                return new Look.RateLimited(retryAfter);
            }
        }

        /** Twilio does not accept the credentials. */
        record Refused() implements Listing {

            @Override
            public Look look(Function<List<ListedMessage>, Look> read, Function<String, Look> pageRead) {
                return new Look.Refused();
            }
        }

        /** Twilio answered, and the list is too long to be read to its end. */
        record TooLong() implements Listing {

            @Override
            public Look look(Function<List<ListedMessage>, Look> read, Function<String, Look> pageRead) {
                return new Look.NoMatch();
            }
        }

        /** Twilio did not answer, or not with a list. */
        record Unreadable() implements Listing {

            @Override
            public Look look(Function<List<ListedMessage>, Look> read, Function<String, Look> pageRead) {
                return new Look.Unreadable();
            }
        }
    }

    /** What a look showed. */
    sealed interface Look {

        /** Does what the case asks for: a forgotten case does not compile. */
        void match(
                Consumer<Seen> seen,
                Runnable notThere,
                Runnable noMatch,
                Consumer<RateLimited> rateLimited,
                Runnable refused,
                Runnable unreadable);

        /**
         * The message as it stands.
         *
         * @param sentAt when Twilio sent it, to the second; empty if it has not, or does not say
         */
        record Seen(TwilioMessage message, Optional<Instant> sentAt) implements Look {

            Seen(TwilioMessage message) {
                this(message, Optional.empty());
            }

            @Override
            public void match(
                    Consumer<Seen> seen,
                    Runnable notThere,
                    Runnable noMatch,
                    Consumer<RateLimited> rateLimited,
                    Runnable refused,
                    Runnable unreadable) {
                seen.accept(this);
            }
        }

        /** Twilio itself says that it has no such message any more. */
        record NotThere() implements Look {

            @Override
            public void match(
                    Consumer<Seen> seen,
                    Runnable notThere,
                    Runnable noMatch,
                    Consumer<RateLimited> rateLimited,
                    Runnable refused,
                    Runnable unreadable) {
                notThere.run();
            }
        }

        /** Twilio's list was read, and no message in it is surely the task's. */
        record NoMatch() implements Look {

            @Override
            public void match(
                    Consumer<Seen> seen,
                    Runnable notThere,
                    Runnable noMatch,
                    Consumer<RateLimited> rateLimited,
                    Runnable refused,
                    Runnable unreadable) {
                noMatch.run();
            }
        }

        /**
         * Twilio wants fewer requests.
         *
         * @param retryAfter how long it wants to rest; zero if it does not say
         */
        record RateLimited(Duration retryAfter) implements Look {

            @Override
            public void match(
                    Consumer<Seen> seen,
                    Runnable notThere,
                    Runnable noMatch,
                    Consumer<RateLimited> rateLimited,
                    Runnable refused,
                    Runnable unreadable) {
                rateLimited.accept(this);
            }
        }

        /** Twilio does not accept the credentials. */
        record Refused() implements Look {

            @Override
            public void match(
                    Consumer<Seen> seen,
                    Runnable notThere,
                    Runnable noMatch,
                    Consumer<RateLimited> rateLimited,
                    Runnable refused,
                    Runnable unreadable) {
                refused.run();
            }
        }

        /** Twilio did not answer, or not with a message. */
        record Unreadable() implements Look {

            @Override
            public void match(
                    Consumer<Seen> seen,
                    Runnable notThere,
                    Runnable noMatch,
                    Consumer<RateLimited> rateLimited,
                    Runnable refused,
                    Runnable unreadable) {
                unreadable.run();
            }
        }
    }
}
