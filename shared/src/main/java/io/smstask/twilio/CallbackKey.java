package io.smstask.twilio;

import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.TaskId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret part of a callback URL: 256 random bits, new for every attempt, stored nowhere. It seals the caller's own
 * AuthTokens into the item (AES-256-GCM, NIST SP 800-38D), so neither the table nor the URL alone reveals the token.
 */
public final class CallbackKey {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final byte[] key;

    private CallbackKey(byte[] key) {
        this.key = key;
    }

    /** A new key. */
    public static CallbackKey random(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new CallbackKey(key);
    }

    /** The key in a URL; empty if the text cannot be one. */
    public static Optional<CallbackKey> parse(String base64url) {
        Optional<byte[]> key = decode(base64url);
        return key.isPresent() && key.get().length == KEY_BYTES
                ? Optional.of(new CallbackKey(key.get()))
                : Optional.empty();
    }

    /** The key in clear, 43 characters of base64url: for the callback URL only. */
    public String reveal() {
        return ENCODER.encodeToString(key);
    }

    /** Seals two tokens, either of which may sign, for the item of this task. */
    public CallbackProof.SealedToken seal(AuthToken token, AuthToken other, TaskId task, SecureRandom random) {
        String both = seal(token, task, random).text()
                + CallbackProof.SealedToken.SEPARATOR
                + seal(other, task, random).text();
        return new CallbackProof.SealedToken(both, hash());
    }

    /** Seals a token for the item of this task. */
    public CallbackProof.SealedToken seal(AuthToken token, TaskId task, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, task)
                    .doFinal(token.reveal().getBytes(StandardCharsets.UTF_8));
            byte[] text = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return new CallbackProof.SealedToken(ENCODER.encodeToString(text), hash());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM seals any token", e);
        }
    }

    /** Opens one or two sealed tokens; empty if this is not the key, or the item is another task's. */
    public List<AuthToken> unseal(CallbackProof.SealedToken sealed, TaskId task) {
        int separator = sealed.text().indexOf(CallbackProof.SealedToken.SEPARATOR);
        Optional<AuthToken> last = unseal(sealed.text().substring(separator + 1), task);
        if (last.isEmpty() || separator < 0) {
            return last.isPresent() ? List.of(last.get()) : List.of();
        }
        Optional<AuthToken> first = unseal(sealed.text().substring(0, separator), task);
        return first.isPresent() ? List.of(first.get(), last.get()) : List.of();
    }

    private Optional<AuthToken> unseal(String sealed, TaskId task) {
        Optional<byte[]> text = decode(sealed);
        // Some JDKs throw an unchecked exception on a text that is too short to hold a tag.
        if (text.isEmpty() || text.get().length <= NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(text.get());
        byte[] nonce = new byte[NONCE_BYTES];
        buffer.get(nonce);
        byte[] rest = new byte[buffer.remaining()];
        buffer.get(rest);
        try {
            byte[] token = cipher(Cipher.DECRYPT_MODE, nonce, task).doFinal(rest);
            return Optional.of(new AuthToken(new String(token, StandardCharsets.UTF_8)));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM opens any text, or says that the tag is wrong", e);
        }
    }

    /** What every item stores; if the stack holds the account's credentials, it is the whole proof. */
    public CallbackProof.KeyHash hash() {
        return new CallbackProof.KeyHash(ENCODER.encodeToString(sha256()));
    }

    /** Whether the hash is this key's, compared in constant time. */
    public boolean matches(CallbackProof.KeyHash hash) {
        return MessageDigest.isEqual(
                hash().text().getBytes(StandardCharsets.UTF_8), hash.text().getBytes(StandardCharsets.UTF_8));
    }

    private Cipher cipher(int mode, byte[] nonce, TaskId task) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(task.value().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Accepts only the canonical form, so that a key has exactly one text. */
    private static Optional<byte[]> decode(String base64url) {
        try {
            byte[] bytes = DECODER.decode(base64url);
            return ENCODER.encodeToString(bytes).equals(base64url) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
