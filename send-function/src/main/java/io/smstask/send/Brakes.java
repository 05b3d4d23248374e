package io.smstask.send;

import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.PhoneNumber;
import io.smstask.task.RecipientCounter;
import io.smstask.task.Task;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What may stop a task between its claim and the call of Twilio: the recipient's country, and too many messages to one. */
final class Brakes {

    private final List<String> allowedPrefixes;
    private final @Nullable Limit limit;
    private final Clock clock;

    /**
     * How many messages one recipient gets.
     *
     * @param window windows of this length follow each other since 1970
     */
    record Limit(int places, Duration window, RecipientCounter counter) {}

    /**
     * Why a task was stopped.
     *
     * @param retryAfter when the next window begins; empty if waiting does not help
     */
    record Stop(CallError error, Optional<Duration> retryAfter) {}

    /**
     * @param allowedPrefixes beginnings of international numbers; empty allows all
     * @param limit null for none
     */
    Brakes(List<String> allowedPrefixes, @Nullable Limit limit, Clock clock) {
        this.allowedPrefixes = allowedPrefixes;
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * Whether the task must not be sent. The attempt counts, whatever Twilio says afterwards.
     *
     * @throws io.smstask.task.StoreUnavailable if the messages to the recipient cannot be counted
     */
    Optional<Stop> stop(Task task) {
        String number = plain(task.sms().to());
        if (!isAllowed(number)) {
            CallError error = new CallError(
                    CallFailure.COUNTRY_NOT_ALLOWED,
                    "This stack does not send to the recipient's country. Twilio was not called.");
            return Optional.of(new Stop(error, Optional.empty()));
        }
        return limit == null ? Optional.empty() : stop(task, number, limit);
    }

    private Optional<Stop> stop(Task task, String number, Limit recipients) {
        Instant now = clock.instant();
        long seconds = recipients.window().toSeconds();
        Instant end = Instant.ofEpochSecond((now.getEpochSecond() / seconds + 1) * seconds);
        String recipient = hash(task.sms().account() + " " + bare(number) + " " + end);
        // Not the claim's id: it stays with an erased task, and would lead from there to the number's hash.
        String attempt = UUID.randomUUID().toString();
        if (recipients.counter().takePlace(recipient, attempt, recipients.places(), end)) {
            return Optional.empty();
        }
        CallError error = new CallError(
                CallFailure.RECIPIENT_LIMIT,
                "The recipient has got as many messages as this stack sends in a while. Twilio was not called.");
        return Optional.of(new Stop(error, Optional.of(Duration.between(now, end))));
    }

    private boolean isAllowed(String number) {
        for (String prefix : allowedPrefixes) {
            if (number.startsWith(prefix)) {
                return true;
            }
        }
        return allowedPrefixes.isEmpty();
    }

    /** The number without its channel and without the characters that people write into numbers. */
    private static String plain(PhoneNumber to) {
        String address = to.value();
        String number = address.substring(address.indexOf(':') + 1);
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < number.length(); i++) {
            if (" -.()".indexOf(number.charAt(i)) < 0) {
                plain.append(number.charAt(i));
            }
        }
        return plain.toString();
    }

    /** Digits and letters only, so that no other way of writing a number is another recipient. */
    private static String bare(String number) {
        StringBuilder bare = new StringBuilder();
        for (int i = 0; i < number.length(); i = number.offsetByCodePoints(i, 1)) {
            int character = number.codePointAt(i);
            int digit = Character.digit(character, 10);
            if (digit >= 0) {
                bare.append(digit);
            } else if (Character.isLetter(character)) {
                bare.appendCodePoint(Character.toLowerCase(character));
            }
        }
        return bare.toString();
    }

    private static String hash(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
