package io.smstask.simulator;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * One callback, the same for all its attempts.
 *
 * @param url without user info, fragment and a bare question mark, which java.net.http leaves out: signed as posted
 */
record CallbackRequest(String url, String body, String signature, String idempotencyToken) {

    static CallbackRequest of(String statusCallback, Map<String, String> fields, String authToken) {
        String url = statusCallback.replaceFirst("\\??(#.*)?$", "").replaceFirst("^([A-Za-z]+://)[^/?]*@", "$1");
        return new CallbackRequest(
                url,
                FormBody.encode(fields),
                CallbackSignature.of(authToken, url, fields),
                UUID.randomUUID().toString());
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
