package io.smstask.task;

/**
 * A message's status in Twilio's own word, and its place in the order of statuses. Twilio neither orders its callbacks nor
 * dates them, so the order is ours:
 *
 * <pre>
 * scheduled, accepted &lt; queued &lt; sending &lt; sent &lt; (delivered | undelivered | failed | canceled)
 * </pre>
 *
 * <p>Between two finals the first wins, but {@code read} also replaces {@code delivered}. That is said by two numbers: a
 * status supersedes a stored one whose {@link #rank()} is below its own {@link #ceiling()}. The store puts the same numbers
 * into the item and into the condition of its write, so two writers cannot disagree.
 *
 * @param word Twilio's word, raw; it may be one that this version does not know
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource#message-status-values">Twilio: message status
 *     values</a>
 */
public record MessageStatus(String word) {

    /** The rank of a task without a status, and of a word that is not known. */
    public static final int NO_RANK = 0;

    private static final int FIRST_FINAL_RANK = 50;
    private static final int MAX_LENGTH = 32;

    /**
     * Whether a text can be a status at all, if only one that is not known yet: a word of {@code [a-z_-]}, at most
     * {@value #MAX_LENGTH} characters long. It goes into the item and its history, and to whoever reads the task.
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

    /** How high this status stands; {@link #NO_RANK} for an unknown word. */
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

    /** The rank from which on a stored status stays: this status replaces only what ranks lower. */
    public int ceiling() {
        return isFinal() && !word.equals("read") ? FIRST_FINAL_RANK : rank();
    }

    /** Whether this status replaces a stored one of that rank. */
    public boolean supersedes(int storedRank) {
        return storedRank < ceiling();
    }

    /** Whether the word is one of Twilio's that this version ranks. */
    public boolean isKnown() {
        return rank() != NO_RANK;
    }

    /** Whether nothing but {@code read} comes after it. */
    public boolean isFinal() {
        return rank() >= FIRST_FINAL_RANK;
    }

    /** Whether Twilio holds the message until the date that {@code SendAt} names. */
    boolean isScheduled() {
        return word.equals("scheduled");
    }

    /** The node in which a task with this status stands. */
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
}
