package io.smstask.task;

import java.util.Optional;

/**
 * Twilio's common error codes, each with our explanation and a reason. Loaded only when a task turns red, so that a
 * success does not pay for it.
 *
 * @see <a href="https://www.twilio.com/docs/api/errors">Twilio's error and warning dictionary</a>
 */
public enum KnownError {
    AUTHENTICATION("20003", Reason.ACCOUNT, "Twilio does not accept the credentials, or the account may not do this."),
    ACCOUNT_NOT_ACTIVE("20005", Reason.ACCOUNT, "The Twilio account is not active: suspended, or out of funds."),
    TEST_CREDENTIALS("20008", Reason.ACCOUNT, "Twilio's test credentials may not do this."),
    NOT_FOUND("20404", Reason.ACCOUNT, "Twilio does not know this account: check the AccountSid."),
    TOO_MANY_REQUESTS("20429", Reason.CAPACITY, "Too many requests to Twilio at once: this one was not processed."),
    INTERNAL("20500", Reason.TEMPORARY, "Twilio had an internal error."),
    UNAVAILABLE("20503", Reason.TEMPORARY, "Twilio is unavailable for the moment."),

    INVALID_TO("21211", Reason.PERMANENT, "The recipient's number is not a valid number, or it is the sender's own."),
    INVALID_FROM("21212", Reason.ACCOUNT, "The sender is not a valid number or name."),
    REGION_NOT_ENABLED(
            "21408",
            Reason.ACCOUNT,
            "The account may not send to the recipient's country: allow it in Twilio's geographic permissions."),
    NOTHING_TO_SEND("21602", Reason.PERMANENT, "The message has neither a text nor media."),
    FROM_REQUIRED("21603", Reason.PERMANENT, "The message has no sender."),
    TO_REQUIRED("21604", Reason.PERMANENT, "The message has no recipient."),
    FROM_NOT_CAPABLE("21606", Reason.ACCOUNT, "The sender is not a number of this account that can send there."),
    TRIAL_UNVERIFIED(
            "21608",
            Reason.ACCOUNT,
            "A trial account may send only to numbers that were verified in Twilio's console."),
    INVALID_STATUS_CALLBACK(
            "21609",
            Reason.OURS,
            "Twilio does not accept the status callback's URL: check the setting CALLBACK_BASE_URL."),
    UNSUBSCRIBED("21610", Reason.OPTED_OUT, "The recipient has answered STOP to this sender; only START ends that."),
    QUEUE_FULL("21611", Reason.CAPACITY, "The sender's queue is full: it holds all that can be sent in ten hours."),
    NOT_REACHABLE("21612", Reason.PERMANENT, "The recipient cannot be reached from this sender."),
    NOT_MOBILE("21614", Reason.PERMANENT, "The recipient's number cannot receive SMS: it is not a mobile number."),
    TEXT_TOO_LONG("21617", Reason.PERMANENT, "The text is longer than the 1600 characters that Twilio takes."),
    CONTENT_REQUIRED("21619", Reason.PERMANENT, "The message has neither a text, media nor a content template."),
    SERVICE_WITHOUT_SENDER("21703", Reason.ACCOUNT, "The messaging service has no sender that can send there."),
    SERVICE_EMPTY("21704", Reason.ACCOUNT, "The messaging service has no senders."),
    INVALID_SERVICE("21705", Reason.ACCOUNT, "There is no such messaging service in this account."),
    MAINTENANCE("21730", Reason.TEMPORARY, "Twilio is under maintenance: this message was not processed."),

    QUEUE_OVERFLOW("30001", Reason.CAPACITY, "The message waited too long in a sender's queue that was full."),
    ACCOUNT_SUSPENDED("30002", Reason.ACCOUNT, "The Twilio account was suspended before the message was sent."),
    UNREACHABLE("30003", Reason.TEMPORARY, "The phone could not be reached: it was off, or had no signal."),
    BLOCKED("30004", Reason.BLOCKED, "The recipient or the carrier blocks messages from this sender."),
    UNKNOWN_NUMBER("30005", Reason.PERMANENT, "The number is unknown to the carrier: it may no longer exist."),
    LANDLINE("30006", Reason.PERMANENT, "The number is a landline, or its carrier takes no SMS."),
    FILTERED("30007", Reason.BLOCKED, "Twilio or the carrier filtered the message as unwanted."),
    UNKNOWN_CAUSE("30008", Reason.UNKNOWN, "The message did not arrive, and the carrier does not say why."),
    CARRIER_RATE(
            "30022", Reason.CAPACITY, "The registered campaign (US A2P 10DLC) sends faster than the carrier allows."),
    CARRIER_DAILY_CAP("30023", Reason.CAPACITY, "The registered brand (US A2P 10DLC) has reached its daily limit."),
    TOLL_FREE_UNVERIFIED("30032", Reason.BLOCKED, "The toll-free sender is not verified."),
    UNREGISTERED("30034", Reason.BLOCKED, "The sender is not registered for business messages in the US (A2P 10DLC)."),
    EXPIRED("30036", Reason.TEMPORARY, "The message was not sent before its validity period was over."),
    CARRIER_TIMEOUT("30410", Reason.TEMPORARY, "The carrier did not answer in time."),
    PUMPING(
            "30450",
            Reason.BLOCKED,
            "Twilio's protection against SMS pumping blocked the message, usually for less than an hour."),
    DELIVERY_INTERNAL("30500", Reason.TEMPORARY, "Twilio had an internal error while it sent the message."),

    SEND_AT_REQUIRED("35111", Reason.PERMANENT, "A scheduled message needs SendAt."),
    INVALID_SEND_AT("35114", Reason.PERMANENT, "SendAt is not a time that Twilio can schedule for."),
    SCHEDULE_NEEDS_SERVICE("35118", Reason.PERMANENT, "Only a messaging service can schedule messages."),

    OUTSIDE_WINDOW(
            "63016",
            Reason.PERMANENT,
            "The recipient has not written for 24 hours: on this channel only an approved template may be sent."),
    CHANNEL_RATE("63018", Reason.CAPACITY, "The channel (WhatsApp or another) takes no more messages at the moment."),
    CHANNEL_RECIPIENT("63024", Reason.PERMANENT, "The recipient is not valid on this channel."),
    DAILY_LIMIT("63038", Reason.CAPACITY, "The account has sent all the messages that it may send in 24 hours.");

    private final String code;
    private final Reason reason;
    private final String words;

    KnownError(String code, Reason reason, String words) {
        this.code = code;
        this.reason = reason;
        this.words = words;
    }

    /** Twilio's number. */
    public String code() {
        return code;
    }

    /** What kind of error it is. */
    public Reason reason() {
        return reason;
    }

    /** What it means, in a sentence. */
    public String words() {
        return words;
    }

    /** The error with this code; empty if it is not in this table. */
    public static Optional<KnownError> of(String code) {
        for (KnownError known : values()) {
            if (known.code.equals(code)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    /** What kind of error a code is. */
    static Reason reasonOf(String code) {
        Optional<KnownError> known = of(code);
        return known.isPresent() ? known.get().reason : Reason.UNKNOWN;
    }

    /**
     * Our words for a code, then Twilio's text.
     *
     * @param otherwise our words where the code is not a known one
     * @param text cleaned; may be empty
     */
    static String explained(String code, String otherwise, String text) {
        Optional<KnownError> known = of(code);
        String words = known.isPresent() ? known.get().words : otherwise;
        // Twilio's text for this one is nothing but the URL, with the key in it.
        boolean isOurs = known.isPresent() && known.get() == INVALID_STATUS_CALLBACK;
        return text.isEmpty() || isOurs ? words : words + " Twilio says: " + text;
    }
}
