package io.smstask.task;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The message of a task: all parameters for Twilio, under canonical names.
 *
 * @param further the other parameters of Twilio's Messages API under Twilio's names, each with its values in order;
 *     {@code MessagingServiceSid} is among them
 */
public record Sms(
        AccountSid account,
        PhoneNumber to,
        Optional<PhoneNumber> from,
        Optional<MessageText> body,
        Map<String, List<String>> further) {

    private static final String MEDIA_URL = "MediaUrl";
    private static final String CONTENT_VARIABLES = "ContentVariables";

    /** As long as the beginning of a URL. */
    private static final int SHORTEST_QUOTED = 8;

    /** Copies {@code further}, so that the message cannot change. */
    public Sms {
        further = Map.copyOf(further);
    }

    /** When Twilio is to send it; empty if that is now or cannot be read. */
    public Optional<Instant> sendAt() {
        List<String> sendAt = further.getOrDefault("SendAt", List.of());
        return sendAt.isEmpty() ? Optional.empty() : SendAt.read(sendAt.get(0));
    }

    /** Media and values of a template, which Twilio's errors may quote. A short one could be any word, so it is left out. */
    public List<String> quotable() {
        List<String> quotable = new ArrayList<>();
        for (String name : List.of(MEDIA_URL, CONTENT_VARIABLES)) {
            for (String value : further.getOrDefault(name, List.of())) {
                if (value.length() >= SHORTEST_QUOTED) {
                    quotable.add(value);
                }
            }
        }
        return quotable;
    }

    /** The same without the text, the media and the values of a template. */
    Sms withoutTexts() {
        if (body.isEmpty() && !further.containsKey(MEDIA_URL) && !further.containsKey(CONTENT_VARIABLES)) {
            return this;
        }
        Map<String, List<String>> left = new HashMap<>(further);
        left.remove(MEDIA_URL);
        left.remove(CONTENT_VARIABLES);
        return new Sms(account, to, from, Optional.empty(), left);
    }

    /** Account and masked numbers; the text and further parameters stay private. */
    @Override
    public String toString() {
        return "Sms[" + account + ", " + from.map(PhoneNumber::toString).orElse("-") + " to " + to + "]";
    }

    /**
     * A SHA-256 over a salt and all parameters: two calls with one task id are the same call exactly if their hashes are
     * equal. Each text is preceded by its length, so two different messages never hash the same bytes.
     *
     * @return 64 lower-case hexadecimal digits
     */
    String hash(String salt) {
        MessageDigest digest = sha256();
        add(digest, salt);
        add(digest, account.value());
        add(digest, to.value());
        add(digest, from.isPresent() ? from.get().value() : "");
        add(digest, body.isPresent() ? body.get().value() : "");
        for (Map.Entry<String, List<String>> parameter : new TreeMap<>(further).entrySet()) {
            add(digest, parameter.getKey());
            for (String value : parameter.getValue()) {
                add(digest, "=" + value);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (bytes.length >>> shift));
        }
        digest.update(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
