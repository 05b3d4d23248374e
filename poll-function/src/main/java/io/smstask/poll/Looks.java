package io.smstask.poll;

import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.poll.MessageReader.Listing;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioAccount;
import io.smstask.twilio.TwilioMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Asks Twilio for the messages of tasks. An account whose looks are refused, limited or not answered rests for a while, in all
 * runs alike; the others go on.
 */
final class Looks {

    /** After so many looks in a row without an answer, the account rests. */
    static final int MOST_UNANSWERED = 3;

    /** The list is read only for at least so many messages, and its next page only if the last one showed so many. */
    static final int LEAST_OF_A_PAGE = 20;

    /** How long an account rests if Twilio does not answer, or refuses its credentials. */
    static final Duration REST = Duration.ofMinutes(15);

    /** The shortest rest of an account whose requests Twilio limits. */
    static final Duration SHORTEST_LIMIT = Duration.ofMinutes(1);

    /** The longest. */
    static final Duration LONGEST_LIMIT = Duration.ofHours(1);

    private final StackCredentials stack;
    private final MessageReader messages;
    private final FindMessage findMessage;
    private final PollStates states;
    private final FailureCounts failures;
    private final Clock clock;
    private final KnownEnds knownEnds = new KnownEnds();
    private final Map<AccountSid, ListPlan> listPlans = new ConcurrentHashMap<>();

    Looks(
            StackCredentials stack,
            MessageReader messages,
            FindMessage findMessage,
            PollStates states,
            FailureCounts failures,
            Clock clock) {
        this.stack = stack;
        this.messages = messages;
        this.findMessage = findMessage;
        this.states = states;
        this.failures = failures;
        this.clock = clock;
    }

    /** Whether the stack holds the account's credentials, as far as it can tell now. */
    boolean isHeld(AccountSid account) {
        try {
            return stack.account(account).isPresent();
        } catch (CredentialsUnavailable e) {
            return false;
        }
    }

    /** One account's looks in one run. */
    OfAccount of(AccountSid account, Log log) {
        return new OfAccount(account, log);
    }

    /** The looks of one account; safe for use by several threads. */
    final class OfAccount {

        private final AccountSid sid;
        private final Log log;
        private final ListPlan listPlan;
        private Optional<Instant> restsUntil;
        private boolean isRestOver;
        private int unanswered;
        private Optional<Instant> sentAt = Optional.empty();

        private OfAccount(AccountSid sid, Log log) {
            this.sid = sid;
            this.restsUntil = stored();
            this.log = log;
            this.listPlan = listPlans.computeIfAbsent(sid, key -> new ListPlan(REST));
            this.isRestOver = restsUntil.isPresent() && !clock.instant().isBefore(restsUntil.get());
            // No look has been answered since the rest: the next one without an answer is enough for a further rest.
            this.unanswered = isRestOver ? MOST_UNANSWERED - 1 : 0;
        }

        /** A state that cannot be read keeps no look waiting. */
        private Optional<Instant> stored() {
            try {
                return states.restsUntil(sid);
            } catch (StoreUnavailable e) {
                failures.add(e.code(), e);
                return Optional.empty();
            }
        }

        /** The states are for the other runs: this one goes on without them. */
        private void store(Runnable write) {
            try {
                write.run();
            } catch (StoreUnavailable e) {
                failures.add(e.code(), e);
            }
        }

        /** Until when this account's looks rest; empty if they do not. */
        synchronized Optional<Instant> restsUntil() {
            return restsUntil.filter(until -> clock.instant().isBefore(until));
        }

        /**
         * One look at the task's message.
         *
         * @param lastCall no call of the store is begun later
         * @throws StoreUnavailable if the store cannot say, or not in time, whose message Twilio's list shows
         */
        Look look(Task task, Instant lastCall) {
            Look look = ask(account -> look(task, lastCall, account));
            if (look instanceof Look.Seen seen) {
                seen(seen);
            }
            return look;
        }

        private synchronized void seen(Look.Seen look) {
            sentAt = look.sentAt();
        }

        /** Takes those of the wanted messages whose ends a list has shown before. */
        Map<MessageSid, TwilioMessage> takeKnown(Set<MessageSid> wanted) {
            return knownEnds.take(sid, wanted);
        }

        /** Whether it is worth reading Twilio's list for so many messages. */
        boolean mayList(int wanted) {
            return wanted >= LEAST_OF_A_PAGE && restsUntil().isEmpty() && listPlan.mayPay(clock.instant());
        }

        /**
         * Looks at many messages by Twilio's list, for as long as a page shows {@link #LEAST_OF_A_PAGE} of them. It is begun where
         * the message was sent that was looked at last.
         *
         * @param lastPage no page is begun later
         * @return those that it showed
         */
        Map<MessageSid, TwilioMessage> list(Set<MessageSid> wanted, Instant lastPage) {
            Map<MessageSid, TwilioMessage> found = new HashMap<>();
            Optional<Instant> until = sentAt().map(listPlan::beginning);
            AtomicReference<String> page = new AtomicReference<>("");
            int foundBefore;
            do {
                if (until.isEmpty() || clock.instant().isAfter(lastPage)) {
                    return found;
                }
                foundBefore = found.size();
                Look look = ask(account -> page(wanted, until.get(), page, account, found));
                if (!(look instanceof Look.NoMatch)) {
                    return found;
                }
            } while (found.size() - foundBefore >= LEAST_OF_A_PAGE
                    && wanted.size() - found.size() >= LEAST_OF_A_PAGE
                    && !page.get().isEmpty());
            listPlan.read(found.size() >= Math.min(LEAST_OF_A_PAGE, wanted.size()), clock.instant());
            return found;
        }

        private synchronized Optional<Instant> sentAt() {
            return sentAt;
        }

        /** A page that was read counts as an answer without a match of its own. */
        private Look page(
                Set<MessageSid> wanted,
                Instant until,
                AtomicReference<String> page,
                TwilioAccount account,
                Map<MessageSid, TwilioMessage> found) {
            List<String> secrets = account.secrets();
            listPlan.beginPage();
            Listing listing = messages.page(sid, until, page.get(), account.forSending(), seen -> {
                TwilioMessage message = seen.message().cleaned(secrets);
                if (wanted.contains(message.sid())) {
                    found.put(message.sid(), message);
                } else {
                    knownEnds.keep(sid, message);
                }
                seen.sentAt().ifPresent(listPlan::shows);
            });
            return listing.look(messages -> new Look.Unreadable(), next -> {
                page.set(next);
                return new Look.NoMatch();
            });
        }

        private Look ask(Function<TwilioAccount, Look> question) {
            try {
                Optional<TwilioAccount> known = stack.account(sid);
                Look look = known.isPresent() ? question.apply(known.get()) : new Look.Unreadable();
                if (look instanceof Look.Refused) {
                    // The token may have been rotated.
                    Optional<TwilioAccount> again = stack.readAgain(sid);
                    look = again.isPresent() ? question.apply(again.get()) : look;
                }
                return counted(look);
            } catch (CredentialsUnavailable e) {
                failures.add("not_looked", e);
                return counted(new Look.Unreadable());
            }
        }

        private Look look(Task task, Instant lastCall, TwilioAccount account) {
            Look look = task.sid().isPresent()
                    ? messages.look(sid, task.sid().get(), account.forSending())
                    : findMessage.find(task, lastCall, account.forSending());
            return look instanceof Look.Seen seen
                    ? new Look.Seen(seen.message().cleaned(account.secrets()), seen.sentAt())
                    : look;
        }

        private synchronized Look counted(Look look) {
            look.match(
                    seen -> answered(),
                    this::answered,
                    this::answered,
                    limited -> rest(bounded(limited.retryAfter()), "rate_limited"),
                    () -> rest(REST, "refused"),
                    this::unanswered);
            return look;
        }

        private static Duration bounded(Duration wanted) {
            return wanted.compareTo(SHORTEST_LIMIT) < 0
                    ? SHORTEST_LIMIT
                    : wanted.compareTo(LONGEST_LIMIT) > 0 ? LONGEST_LIMIT : wanted;
        }

        private void unanswered() {
            unanswered++;
            if (unanswered >= MOST_UNANSWERED) {
                rest(REST, "unanswered");
            }
        }

        private void rest(Duration time, String reason) {
            if (restsUntil().isPresent()) {
                return;
            }
            Instant until = clock.instant().plus(time);
            restsUntil = Optional.of(until);
            isRestOver = false;
            store(() -> states.rest(sid, until));
            log.event(Level.WARN, "looks_rest").account(sid).reason(reason).write();
        }

        private void answered() {
            unanswered = 0;
            if (isRestOver) {
                store(() -> states.resume(sid));
                isRestOver = false;
            }
        }
    }
}
