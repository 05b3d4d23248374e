package io.smstask.simulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A message that the simulator accepted. Its status changes while callbacks are posted. {@code toString} shows no
 * number.
 */
public final class SimulatedMessage {
    static final String API_VERSION = "2010-04-01";

    /** The sender that a messaging service chooses. */
    private static final String SERVICE_SENDER = "+15005550006";

    private static final List<String> WAY = List.of("accepted", "scheduled", "queued", "sending", "sent");
    private static final Set<String> CANCELABLE = Set.of("accepted", "scheduled", "queued");
    private static final Set<String> UNSENT = Set.of("accepted", "scheduled", "queued", "sending");
    /** In callbacks, without a time zone and to the minute. */
    private static final DateTimeFormatter RECEIPT_DATE =
            DateTimeFormatter.ofPattern("yyMMddHHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String sid;
    private final String accountSid;
    private final MessageRequest request;
    private final DeliveryOutcome outcome;
    private final Optional<TimedFault> timedFault;
    private final Instant created;
    private volatile boolean isForgotten;
    private boolean isCanceled;
    private String status;
    private String body;
    private Instant updated;
    private Optional<Instant> sent = Optional.empty();

    SimulatedMessage(String accountSid, MessageRequest request, Optional<TimedFault> timedFault, Instant now) {
        this.sid = (request.media() > 0 ? "MM" : "SM") + hex();
        this.accountSid = accountSid;
        this.request = request;
        this.body = request.body();
        this.outcome = DeliveryOutcome.of(request.to());
        this.timedFault = timedFault;
        this.created = now;
        this.updated = now;
        this.status = request.sendAt().isPresent()
                ? "scheduled"
                : request.messagingServiceSid().isPresent() ? "accepted" : "queued";
    }

    /** 32 random hex digits, as in every sid of Twilio's after the prefix. */
    static String hex() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** {@return {@code SM} or, with media, {@code MM}, and 32 hex digits} */
    public String sid() {
        return sid;
    }

    /** {@return the account that sent it} */
    public String accountSid() {
        return accountSid;
    }

    /** {@return the recipient in E.164, or a channel address} */
    public String to() {
        return request.to();
    }

    /** {@return the sender; empty while the messaging service has not chosen one} */
    public synchronized Optional<String> from() {
        boolean chosen = !status.equals("accepted") && !status.equals("scheduled");
        return request.from().or(() -> chosen ? Optional.of(SERVICE_SENDER) : Optional.empty());
    }

    /** {@return the messaging service; empty if it was sent without one} */
    public Optional<String> messagingServiceSid() {
        return request.messagingServiceSid();
    }

    /** {@return the text; empty if there are only media or a template, or if it was redacted} */
    public synchronized String body() {
        return body;
    }

    int segments() {
        return Segments.count(request.body());
    }

    synchronized void redact(Instant now) {
        body = "";
        updated = now;
    }

    /** {@return whether it was still held, and so is cancelled now} */
    synchronized boolean cancel(Instant now) {
        if (!CANCELABLE.contains(status)) {
            return false;
        }
        isCanceled = reach("canceled", now);
        return true;
    }

    synchronized boolean isUnsent() {
        return UNSENT.contains(status);
    }

    /** {@return the callback URL as given, with its fragment} */
    public Optional<String> statusCallback() {
        return request.statusCallback();
    }

    /** {@return when it is to be sent; empty if it was not scheduled} */
    public Optional<Instant> sendAt() {
        return request.sendAt();
    }

    /** {@return its fault; empty if an answer or a plan was scripted} */
    public Optional<Fault> fault() {
        return timedFault.map(TimedFault::fault);
    }

    /** {@return its current status, in Twilio's words} */
    public synchronized String status() {
        return status;
    }

    /** {@return Twilio's error code; empty if it has not failed} */
    public synchronized Optional<Integer> errorCode() {
        return errorCode(status);
    }

    synchronized Optional<String> errorMessage() {
        return errorCode(status).map(code -> failure().errorMessage());
    }

    /** Stops it at its current status. */
    void forget() {
        isForgotten = true;
    }

    boolean isForgotten() {
        return isForgotten;
    }

    /** {@return these callbacks, as its fault changes them} */
    CallbackPlan plan(CallbackPlan usual) {
        return timedFault.map(it -> it.plan(usual)).orElse(usual);
    }

    /** {@return whether a read by sid finds it} */
    boolean isReadable(Instant now) {
        return timedFault
                .filter(it -> it.fault() == Fault.READ_NOT_FOUND)
                .map(it -> !now.isBefore(created.plus(it.time())))
                .orElse(true);
    }

    int media() {
        return request.media();
    }

    DeliveryOutcome outcome() {
        return outcome;
    }

    Instant created() {
        return created;
    }

    synchronized Instant updated() {
        return updated;
    }

    synchronized Optional<Instant> sent() {
        return sent;
    }

    /**
     * Advances to a status, never back, whatever the order of the callbacks. Only another final status replaces a final
     * one.
     *
     * @return false if it was cancelled: then it goes no further
     */
    synchronized boolean reach(String next, Instant now) {
        if (isCanceled) {
            return false;
        }
        if (DeliveryOutcome.isFinal(status) && !DeliveryOutcome.isFinal(next)
                || WAY.contains(next) && WAY.indexOf(next) < WAY.indexOf(status)) {
            return true;
        }
        status = next;
        updated = now;
        if (sent.isEmpty() && !UNSENT.contains(next) && !next.equals("canceled")) {
            sent = Optional.of(now);
        }
        return true;
    }

    /** The fields of the callback for a status, in one of the two orders seen at Twilio. */
    Map<String, String> callback(String told, Instant now) {
        var fields = new LinkedHashMap<String, String>();
        String from = request.from().orElse(SERVICE_SENDER);
        errorCode(told).ifPresent(code -> {
            fields.put("ErrorCode", code.toString());
            fields.put("ErrorMessage", failure().errorMessage());
        });
        if (told.equals("delivered") || told.equals("undelivered")) {
            fields.put("RawDlrDoneDate", RECEIPT_DATE.format(now));
            fields.put("SmsSid", sid);
            fields.put("SmsStatus", told);
            fields.put("MessageStatus", told);
            fields.put("To", request.to());
            messagingServiceSid().ifPresent(service -> fields.put("MessagingServiceSid", service));
            fields.put("MessageSid", sid);
            fields.put("AccountSid", accountSid);
            fields.put("From", from);
            fields.put("ApiVersion", API_VERSION);
            return fields;
        }
        messagingServiceSid().ifPresent(service -> fields.put("MessagingServiceSid", service));
        fields.put("ApiVersion", API_VERSION);
        fields.put("MessageStatus", told);
        fields.put("SmsSid", sid);
        fields.put("SmsStatus", told);
        fields.put("To", request.to());
        fields.put("From", from);
        fields.put("MessageSid", sid);
        fields.put("AccountSid", accountSid);
        return fields;
    }

    private Optional<Integer> errorCode(String at) {
        return at.equals("failed") || at.equals("undelivered") ? failure().errorCode() : Optional.empty();
    }

    /** A plan may let any message fail; then the error is unknown. */
    private DeliveryOutcome failure() {
        return outcome.errorCode().isPresent() ? outcome : DeliveryOutcome.UNKNOWN_ERROR;
    }

    @Override
    public String toString() {
        return sid + " " + status();
    }
}
