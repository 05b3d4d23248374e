package io.smstask.simulator;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recipients, senders, and the magic numbers of Twilio's test credentials. */
final class Addresses {
    static final Map<String, ApiError> MAGIC_RECIPIENTS = Map.of(
            "+15005550001", ApiError.INVALID_TO,
            "+15005550002", ApiError.NOT_REACHABLE,
            "+15005550003", ApiError.REGION_NOT_ENABLED,
            "+15005550004", ApiError.UNSUBSCRIBED,
            "+15005550009", ApiError.NOT_MOBILE);
    private static final Map<String, ApiError> MAGIC_SENDERS = Map.of(
            "+15005550001", ApiError.INVALID_FROM,
            "+15005550007", ApiError.FROM_NOT_CAPABLE,
            "+15005550008", ApiError.QUEUE_FULL);

    private static final Pattern CHANNEL = Pattern.compile("(whatsapp|messenger|rcs):(.+)");
    private static final Pattern SPELLED = Pattern.compile("[+(0-9][0-9 ().-]*");
    private static final Pattern INTERNATIONAL = Pattern.compile("\\+(1[2-9][0-9]{9}|[2-9][0-9]{6,14})");
    private static final Pattern US = Pattern.compile("1?[2-9][0-9]{9}");
    private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,8}");
    private static final Pattern SENDER_NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}");

    private Addresses() {}

    /**
     * Converts a recipient to E.164, from US formats too; a channel address stays as it is. A number with a leading
     * blank is refused: its plus sign was sent unescaped.
     *
     * @return empty if it is not a valid recipient
     */
    static Optional<String> recipient(String to) {
        var channel = CHANNEL.matcher(to);
        if (channel.matches()) {
            boolean valid = !channel.group(1).equals("whatsapp")
                    || INTERNATIONAL.matcher(channel.group(2)).matches();
            return valid ? Optional.of(to) : Optional.empty();
        }
        if (!SPELLED.matcher(to).matches()) {
            return Optional.empty();
        }
        String number = to.replaceAll("[ ().-]", "");
        if (US.matcher(number).matches()) {
            return Optional.of(number.length() == 10 ? "+1" + number : "+" + number);
        }
        return INTERNATIONAL.matcher(number).matches() ? Optional.of(number) : Optional.empty();
    }

    /** Converts a sender to the form that Twilio shows: E.164, a channel address, a short code or a sender name. */
    static Optional<String> sender(String from) {
        var number = recipient(from);
        boolean other =
                SHORT_CODE.matcher(from).matches() || SENDER_NAME.matcher(from).matches();
        return number.isPresent() || !other ? number : Optional.of(from);
    }

    /** {@return {@code whatsapp}, {@code messenger}, {@code rcs}, or {@code sms}} */
    static String channel(String address) {
        var channel = CHANNEL.matcher(address);
        return channel.matches() ? channel.group(1) : "sms";
    }

    static Optional<ApiError> magicRecipient(String to) {
        return Optional.ofNullable(MAGIC_RECIPIENTS.get(to));
    }

    static Optional<ApiError> magicSender(String from) {
        return Optional.ofNullable(MAGIC_SENDERS.get(from));
    }
}
