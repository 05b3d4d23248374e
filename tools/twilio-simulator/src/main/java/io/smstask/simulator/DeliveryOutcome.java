package io.smstask.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What happens to an accepted message. The recipient selects it: the last two digits of these fictional US numbers are
 * those of Twilio's error code. Every other number is {@link #DELIVERED}.
 *
 * @see <a href="https://www.twilio.com/docs/api/errors">Twilio's error and warning dictionary</a>
 */
public enum DeliveryOutcome {
    /** Any other number: the usual statuses, {@code delivered} at the end. */
    DELIVERED("", "delivered", 0, ""),
    /** {@code +12025550101}: {@code failed} with 30001, the sender's queue overflowed. */
    QUEUE_OVERFLOW("+12025550101", "failed", 30001, "Queue overflow"),
    /** {@code +12025550102}: {@code failed} with 30002, the account is suspended. */
    ACCOUNT_SUSPENDED("+12025550102", "failed", 30002, "Account suspended"),
    /** {@code +12025550103}: {@code undelivered} with 30003, the handset is off or out of reach. */
    UNREACHABLE("+12025550103", "undelivered", 30003, "Unreachable destination handset"),
    /** {@code +12025550104}: {@code undelivered} with 30004, the recipient or its carrier blocks the message. */
    BLOCKED("+12025550104", "undelivered", 30004, "Message blocked"),
    /** {@code +12025550105}: {@code undelivered} with 30005, the number is not assigned. */
    UNKNOWN_HANDSET("+12025550105", "undelivered", 30005, "Unknown destination handset"),
    /** {@code +12025550106}: {@code undelivered} with 30006, the number is a landline. */
    LANDLINE("+12025550106", "undelivered", 30006, "Landline or unreachable carrier"),
    /** {@code +12025550107}: {@code failed} with 30007, filtered as spam. */
    FILTERED("+12025550107", "failed", 30007, "Message filtered"),
    /** {@code +12025550108}: {@code undelivered} with 30008, the carrier gave no reason. */
    UNKNOWN_ERROR("+12025550108", "undelivered", 30008, "Unknown error"),
    /** {@code +12025550190}: stays {@code sent}, the carrier sends no receipts. */
    NO_RECEIPT("+12025550190", "sent", 0, "");

    private static final Set<String> FINAL = Set.of("delivered", "undelivered", "failed", "canceled", "read");

    private final String number;
    private final String lastStatus;
    private final int errorCode;
    private final String errorMessage;

    DeliveryOutcome(String number, String lastStatus, int errorCode, String errorMessage) {
        this.number = number;
        this.lastStatus = lastStatus;
        this.errorCode = errorCode;
        this.errorMessage = errorMessage;
    }

    /** {@return the outcome for a recipient in E.164} */
    public static DeliveryOutcome of(String recipient) {
        for (DeliveryOutcome outcome : values()) {
            if (outcome.number.equals(recipient)) {
                return outcome;
            }
        }
        return DELIVERED;
    }

    /** {@return the recipient that selects this outcome; empty for {@link #DELIVERED}} */
    public String number() {
        return number;
    }

    /** {@return the last status of such a message} */
    public String lastStatus() {
        return lastStatus;
    }

    /** {@return Twilio's error code; empty if the message does not fail} */
    public Optional<Integer> errorCode() {
        return errorCode == 0 ? Optional.empty() : Optional.of(errorCode);
    }

    /** {@return the meaning of the code; empty if there is none} */
    public String errorMessage() {
        return errorMessage;
    }

    static boolean isFinal(String status) {
        return FINAL.contains(status);
    }

    /** The usual statuses up to where this outcome ends, then its last one. */
    List<String> statuses(List<String> usual) {
        if (this == DELIVERED) {
            return usual;
        }
        var statuses = new ArrayList<>(usual);
        statuses.removeIf(status -> isFinal(status) || status.equals(lastStatus));
        if (lastStatus.equals("failed")) {
            statuses.remove("sent");
        }
        statuses.add(lastStatus);
        return statuses;
    }
}
