package io.smstask.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * {@code X-Twilio-Signature}: HMAC-SHA1 over the URL followed by every name and value, sorted by name.
 *
 * @see <a href="https://www.twilio.com/docs/usage/security">Twilio on signatures</a>
 */
final class CallbackSignature {
    private static final String ALGORITHM = "HmacSHA1";

    private CallbackSignature() {}

    /**
     * Signs a callback.
     *
     * @param authToken the account's primary AuthToken
     * @param url as given to Twilio, without user info and fragment
     * @param fields decoded
     * @return base64
     */
    static String of(String authToken, String url, Map<String, String> fields) {
        var signed = new StringBuilder(url);
        new TreeMap<>(fields).forEach((name, value) -> signed.append(name).append(value));
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }
}
