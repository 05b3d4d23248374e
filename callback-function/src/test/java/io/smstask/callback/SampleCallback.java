package io.smstask.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smstask.lambda.HttpRequest;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A valid callback as Twilio sends it. Each test changes one part. */
final class SampleCallback {

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, String> headers = new HashMap<>();
    private String token = CallbackFixture.TOKEN;
    private String signedBase = CallbackFixture.BASE;
    private String path = "/nvp/callback/" + CallbackFixture.KEY + "/" + CallbackFixture.ID;

    private SampleCallback(Map<String, String> fields) {
        this.fields.putAll(fields);
        headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    }

    private SampleCallback(String status) {
        fields.put("SmsSid", CallbackFixture.SID);
        fields.put("SmsStatus", status);
        fields.put("MessageStatus", status);
        fields.put("To", "+15558675310");
        fields.put("MessageSid", CallbackFixture.SID);
        fields.put("AccountSid", CallbackFixture.ACCOUNT);
        fields.put("From", "+15005550006");
        fields.put("ApiVersion", "2010-04-01");
        headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    }

    static SampleCallback aCallback(String status) {
        return new SampleCallback(status);
    }

    /** With these fields only, signed as Twilio does. */
    static SampleCallback of(Map<String, String> fields) {
        return new SampleCallback(fields);
    }

    Map<String, String> fields() {
        return Map.copyOf(fields);
    }

    SampleCallback with(String field, String value) {
        fields.put(field, value);
        return this;
    }

    SampleCallback without(String field) {
        fields.remove(field);
        return this;
    }

    SampleCallback withHeader(String lowerCaseName, String value) {
        headers.put(lowerCaseName, value);
        return this;
    }

    /** To another path, which is signed too. */
    SampleCallback to(String otherPath) {
        path = otherPath;
        return this;
    }

    SampleCallback signedWith(String otherToken) {
        token = otherToken;
        return this;
    }

    SampleCallback signedFor(String otherBase) {
        signedBase = otherBase;
        return this;
    }

    HttpRequest unsigned() {
        return new HttpRequest("POST", path, Map.copyOf(headers), body());
    }

    HttpRequest request() {
        Map<String, String> signed = new HashMap<>(headers);
        signed.put("x-twilio-signature", signature());
        return new HttpRequest("POST", path, signed, body());
    }

    private byte[] body() {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private String signature() {
        return signature(signedBase + path, fields, token);
    }

    /** Implements Twilio's description independently of the library under test. */
    static String signature(String url, Map<String, String> fields, String token) {
        StringBuilder signed = new StringBuilder(url);
        new TreeMap<>(fields).forEach((name, value) -> signed.append(name).append(value));
        try {
            Mac hmac = Mac.getInstance("HmacSHA1");
            hmac.init(new SecretKeySpec(token.getBytes(UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(hmac.doFinal(signed.toString().getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }
}
