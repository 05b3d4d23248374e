package io.smstask.task;

import java.security.MessageDigest;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the message of a task with an unknown outcome in Twilio's list. A wrong match would hide an SMS that was never
 * sent, so the test whether a message {@linkplain #fits is the task's} is strict, and the test whether it
 * {@linkplain #mayBeOf may be another's} is generous. In doubt the outcome stays unknown.
 *
 * <p>Three things ensure that no other task's message is taken. Every task that may have made the message was claimed
 * at least {@link #AGE} ago, so the store's index shows it. It is found there by a {@linkplain #key key} that all
 * spellings of a recipient share, and by the time of its call. And it is read consistently: unless it has another
 * message, or surely none, there is no match.
 */
public final class Match {

    /**
     * How long ago a task's call must have ended. By then the index shows every task that called at the same time; it
     * usually lags the table by less than a second.
     */
    public static final Duration AGE = Duration.ofMinutes(9);

    /** How far our clock and Twilio's, which shows whole seconds, may differ. */
    static final Duration SKEW = Duration.ofSeconds(10);

    /** How long after another task's call Twilio may still create its message. */
    static final Duration DELAY = Duration.ofMinutes(10);

    /**
     * The longest run of a Lambda function, and so the longest call.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">AWS: Lambda quotas</a>
     */
    static final Duration LONGEST_CALL = Duration.ofMinutes(15);

    private static final int KEY_DIGITS = 7;
    private static final int KEY_BYTES = 16;
    private static final String SERVICE = "MessagingServiceSid";

    /** The further parameters that leave the text unchanged. */
    private static final Set<String> KEEPING_THE_TEXT =
            Set.of(SERVICE, "ValidityPeriod", "ScheduleType", "SendAt", "RiskCheck");

    private Match() {}

    /**
     * A hash that all messages to one recipient share: of the account and the number's last seven digits, which do not
     * depend on its spelling.
     *
     * @return 32 lower-case hexadecimal digits
     */
    public static String key(Sms sms) {
        String to = sms.to().value();
        StringBuilder digits = new StringBuilder();
        // No stream: every claim runs this, in a cold start too.
        for (int i = 0; i < to.length(); i = to.offsetByCodePoints(i, 1)) {
            int digit = Character.digit(to.codePointAt(i), 10);
            if (digit >= 0) {
                digits.append(digit);
            }
        }
        MessageDigest digest = Sms.sha256();
        Sms.add(digest, sms.account().value());
        Sms.add(digest, digits.substring(Math.max(0, digits.length() - KEY_DIGITS)));
        return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
    }

    /** Whether the task's message may be looked for now. */
    public static boolean isTimely(Task task, Instant now) {
        Task seen = task.seenAt(now);
        return isWithoutMessage(seen)
                && !seen.isBeingCalled()
                && !now.isBefore(seen.claim().callDeadline().plus(AGE));
    }

    /** The earliest time, by Twilio's clock, at which Twilio can have created the task's message. */
    public static Instant earliest(Task task) {
        return calledFrom(task).minus(SKEW);
    }

    /** Whether the message looks exactly like the task's and was created during the task's call. */
    public static boolean fits(Task task, ListedMessage message) {
        Sms sms = task.sms();
        boolean isPlain = sms.body().isPresent()
                && !sms.further().containsKey("MediaUrl")
                && !sms.further().containsKey("ContentSid");
        return isPlain
                && !message.hasMedia()
                && message.account().equals(sms.account())
                && message.to().equals(sms.to())
                && isFrom(sms, message)
                && message.body().equals(sms.body().get())
                && isBetween(
                        earliest(task), message, task.claim().callDeadline().plus(SKEW));
    }

    /**
     * Whether the message belongs, or may belong, to another task: one with the same {@link #key} that has its sid, or
     * whose outcome is unknown too.
     *
     * @param other the other task, read consistently
     */
    public static boolean mayBeOf(Task other, ListedMessage message) {
        if (other.sid().isPresent()) {
            return other.sid().get().equals(message.sid());
        }
        return isWithoutMessage(other)
                && isBetween(
                        earliest(other), message, other.claim().callDeadline().plus(DELAY))
                && mayRead(other.sms(), message.body());
    }

    /** The earliest {@link Claim#callDeadline()} of a task that may have created the message. */
    public static Instant firstDeadline(ListedMessage message) {
        return message.createdAt().minus(DELAY);
    }

    /** The latest {@link Claim#callDeadline()} of a task that may have created the message. */
    public static Instant lastDeadline(ListedMessage message) {
        return message.createdAt().plus(SKEW).plus(LONGEST_CALL);
    }

    /** Whether the task may have sent a message without knowing its sid. */
    private static boolean isWithoutMessage(Task task) {
        return task.sid().isEmpty()
                && task.escalation().map(Escalation::retryable).orElse(Retryable.UNKNOWN) == Retryable.UNKNOWN;
    }

    /** The earliest start of the task's last call. For a further attempt, only the deadline is stored. */
    private static Instant calledFrom(Task task) {
        Instant longestAgo = task.claim().callDeadline().minus(LONGEST_CALL);
        return task.claim().attempt() == 1 || task.createdAt().isAfter(longestAgo) ? task.createdAt() : longestAgo;
    }

    private static boolean isBetween(Instant from, ListedMessage message, Instant until) {
        return !message.createdAt().isBefore(from) && !message.createdAt().isAfter(until);
    }

    private static boolean isFrom(Sms sms, ListedMessage message) {
        List<String> service = sms.further().getOrDefault(SERVICE, List.of());
        return message.messagingService().equals(service.stream().findFirst())
                // A messaging service chooses the sender.
                && (message.from().equals(sms.from()) || sms.from().isEmpty() && !service.isEmpty());
    }

    /** Whether Twilio may list the SMS with this text: it may have replaced characters or added words. */
    private static boolean mayRead(Sms sms, MessageText shown) {
        Optional<MessageText> text = sms.body();
        return text.isEmpty()
                || !KEEPING_THE_TEXT.containsAll(sms.further().keySet())
                || bare(shown).contains(bare(text.get()));
    }

    /** The letters and digits of a text. */
    private static String bare(MessageText text) {
        StringBuilder bare = new StringBuilder();
        Normalizer.normalize(text.value(), Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(bare::appendCodePoint);
        return bare.toString();
    }
}
