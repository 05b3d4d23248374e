package io.smstask.task;

import org.jspecify.annotations.Nullable;

/**
 * A message's status in Twilio's word, and its place in our order. Twilio's callbacks arrive in any order and carry no
 * time, so we rank the statuses:
 *
 * <pre>
 * scheduled, accepted &lt; queued &lt; sending &lt; sent &lt; (delivered | undelivered | failed | canceled)
 * </pre>
 *
 * <p>Of two final statuses the first wins, except that {@code read} also replaces {@code delivered}. Two numbers
 * express this: a status supersedes a stored one whose {@link #rank()} is below its own {@link #ceiling()}.
 *
 * @param word Twilio's word, unchanged; this version may not know it
 * @see
 *     <a href="https://www.twilio.com/docs/messaging/api/message-resource#message-status-values">Twilio: message status values</a>
 */
public record MessageStatus(String word) {

    /** The rank of a task without a status, and of an unknown word. */
    public static final int NO_RANK = 0;

    private static final int FIRST_FINAL_RANK = 50;
    private static final int MAX_LENGTH = 32;

    /**
     * Whether a text can be a status, even one that this version does not know: {@code [a-z_-]}, at most
     * {@value #MAX_LENGTH} characters. It is stored in the item and its history and shown to the task's readers.
     */
    public static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isLetter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_LENGTH;
    }

    /** Whether a status can have this character. */
    public static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c == '_' || c == '-';
    }

    /** This status's rank; {@link #NO_RANK} for an unknown word. */
    public int rank() {
        return switch (word) {
            case "scheduled", "accepted" -> 10;
            case "queued" -> 20;
            case "sending" -> 30;
            case "sent" -> 40;
            case "delivered" -> FIRST_FINAL_RANK;
            case "undelivered", "failed", "canceled", "read" -> 60;
            default -> NO_RANK;
        };
    }

    /** The rank from which a stored status stays: this status replaces only lower ranks. */
    public int ceiling() {
        return isFinal() && !word.equals("read") ? FIRST_FINAL_RANK : rank();
    }

    /** Whether this status replaces a stored one of that rank. */
    public boolean supersedes(int storedRank) {
        return storedRank < ceiling();
    }

    /** Whether this version knows and ranks the word. */
    public boolean isKnown() {
        return rank() != NO_RANK;
    }

    /** Whether only {@code read} may follow it. */
    public boolean isFinal() {
        return rank() >= FIRST_FINAL_RANK;
    }

    /** Whether Twilio holds the message until the time in {@code SendAt}. */
    boolean isScheduled() {
        return word.equals("scheduled");
    }

    /** The node of a task with this status. */
    public Node node() {
        if (!isFinal()) {
            return Node.WAITING_FOR_CALLBACK;
        }
        return word.equals("delivered") || word.equals("read") ? Node.FINAL : Node.ESCALATION;
    }

    @Override
    public String toString() {
        return word;
    }

    /** Written by hand: see {@link MessageSid#equals}. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageStatus status && status.word.equals(word);
    }

    @Override
    public int hashCode() {
        return word.hashCode();
    }
}
