package io.smstask.callback;

import io.smstask.task.AuthToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code X-Twilio-Signature}: an HMAC-SHA1 of the URL that we gave Twilio and all fields, keyed with the account's
 * AuthToken.
 *
 * @param value the header's value; blank if the request has no such header
 * @see <a href="https://www.twilio.com/docs/usage/security#validating-requests">Twilio: validating requests</a>
 */
record TwilioSignature(String value) {

    /** The header's name, in lower case. */
    static final String HEADER = "x-twilio-signature";

    private static final int SHA1_BLOCK_BYTES = 64;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5C;

    /** The signature that this token makes of a text. */
    static TwilioSignature of(AuthToken token, String text) {
        byte[] hmac = hmacSha1(bytes(token.reveal()), bytes(text));
        return new TwilioSignature(Base64.getEncoder().encodeToString(hmac));
    }

    /** Whether one of these tokens signed the form for that URL. */
    boolean isBy(List<AuthToken> tokens, String url, CallbackForm form) {
        StringBuilder fields = new StringBuilder();
        for (Map.Entry<String, String> field : new TreeMap<>(form.all()).entrySet()) {
            fields.append(field.getKey()).append(field.getValue());
        }
        for (AuthToken token : tokens) {
            if (isEqual(of(token, url + fields)) || isEqual(of(token, withOrWithoutPort(url) + fields))) {
                return true;
            }
        }
        return false;
    }

    /** In constant time. */
    private boolean isEqual(TwilioSignature other) {
        return MessageDigest.isEqual(bytes(value), bytes(other.value));
    }

    /** Twilio signs with or without the port, whichever it used: this is the other one. */
    private static String withOrWithoutPort(String url) {
        int authority = url.indexOf("://") + "://".length();
        int path = url.indexOf('/', authority);
        int end = path < 0 ? url.length() : path;
        int port = url.indexOf(':', authority);
        if (port >= 0 && port < end) {
            return url.substring(0, port) + url.substring(end);
        }
        return url.substring(0, end) + (url.startsWith("https:") ? ":443" : ":80") + url.substring(end);
    }

    /**
     * HMAC (RFC 2104). Not the JDK's: to find it, four providers of cryptography are loaded, which takes 30 ms of a cold
     * start.
     */
    private static byte[] hmacSha1(byte[] key, byte[] text) {
        MessageDigest sha1;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
        byte[] block = Arrays.copyOf(key.length > SHA1_BLOCK_BYTES ? sha1.digest(key) : key, SHA1_BLOCK_BYTES);
        sha1.update(padded(block, INNER_PAD));
        byte[] inner = sha1.digest(text);
        sha1.update(padded(block, OUTER_PAD));
        return sha1.digest(inner);
    }

    private static byte[] padded(byte[] block, byte pad) {
        byte[] padded = new byte[block.length];
        for (int i = 0; i < block.length; i++) {
            padded[i] = (byte) (block[i] ^ pad);
        }
        return padded;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
