package io.smstask.simulator;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One callback, the same for all its attempts.
 *
 * @param url without user info, fragment and a bare question mark, which java.net.http leaves out: signed as posted
 * @param userInfo the user and password of the URL, decoded; only sent to a receiver that asks for them
 */
record CallbackRequest(String url, Optional<String> userInfo, String body, String signature, String idempotencyToken) {

    static CallbackRequest of(String statusCallback, Map<String, String> fields, String authToken) {
        String url = statusCallback.replaceFirst("\\??(#.*)?$", "").replaceFirst("^([A-Za-z]+://)[^/?]*@", "$1");
        return new CallbackRequest(
                url,
                Optional.ofNullable(
                        URI.create(statusCallback.replaceFirst("#.*", "")).getUserInfo()),
                FormBody.encode(fields),
                CallbackSignature.of(authToken, url, fields),
                UUID.randomUUID().toString());
    }

    /** {@return the same request with user and password} */
    HttpRequest authorized(HttpRequest request) {
        var pair = userInfo.orElse("").getBytes(StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(request, (name, value) -> true)
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))
                .build();
    }

    HttpRequest withTimeout(Duration timeout) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(timeout)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .header("Accept", "*/*")
                .header("User-Agent", "TwilioProxy/1.1")
                .header("X-Home-Region", "us1")
                .header("I-Twilio-Idempotency-Token", idempotencyToken)
                .header("X-Twilio-Signature", signature)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @Override
    public String toString() {
        return "callback " + idempotencyToken;
    }
}
