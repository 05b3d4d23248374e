package io.smstask.bench;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.simulator.Account;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Events of the functions, made from the project's own event files. */
final class Events {

    /** What the id of every task of ours begins with, and nothing else that is sent. */
    static final String TASK_PREFIX = "bench-";

    /** Where callbacks come in. */
    static final String CALLBACK_BASE_URL = "https://callbacks.example.com";

    static final Account ACCOUNT =
            new Account("AC00000000000000000000000000000001", "0123456789abcdef0123456789abcdef");

    /** The secret with that account, as the stack is told to find it. */
    static final String SECRET_ID = "smstask/twilio";

    /** Its text. */
    static final String SECRET = Json.writeText(Map.of("AccountSid", ACCOUNT.sid(), "AuthToken", ACCOUNT.authToken()));

    private final String send;
    private final String callback;

    /** Reads the event files. */
    Events(Path folder) throws IOException {
        send = Files.readString(folder.resolve("send-http-v2.json"));
        callback = Files.readString(folder.resolve("callback-delivered-base64.json"));
    }

    /** The id of the n-th task. All have the same length. */
    static String task(int n) {
        return TASK_PREFIX + (1_000_000 + n);
    }

    /** {@code POST /tasks} with a good task. */
    String send(String task) {
        return send(task, body -> {});
    }

    /** {@code POST /tasks} with a task that has no recipient. */
    String badSend(String task) {
        return send(task, body -> body.remove("number_to"));
    }

    private String send(String task, Consumer<Map<String, Object>> change) {
        Map<String, Object> event = parse(send);
        Map<String, Object> body = parse(String.valueOf(event.get("body")));
        body.put("task_id", task);
        // The secret has them: that is the recommended set-up.
        body.remove("AccountSid");
        body.remove("AuthToken");
        change.accept(body);
        String text = Json.writeText(body);
        event.put("body", text);
        object(event, "headers").put("content-length", Integer.toString(text.length()));
        return Json.writeText(event);
    }

    /**
     * Twilio's callback, in base64 as API Gateway delivers forms.
     *
     * @param statusCallback the URL that the message was sent with
     * @param isGenuine whether the signature is right
     */
    String callback(String statusCallback, String sid, String status, boolean isGenuine) {
        // What follows the # is for Twilio alone; it neither calls nor signs it.
        URI url = URI.create(statusCallback.split("#", 2)[0]);
        Map<String, String> form = new TreeMap<>(Map.of(
                "AccountSid",
                ACCOUNT.sid(),
                "ApiVersion",
                "2010-04-01",
                "From",
                "+15005550006",
                "MessageSid",
                sid,
                "MessageStatus",
                status,
                "SmsSid",
                sid,
                "SmsStatus",
                status,
                "To",
                "+15558675310"));
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        Map<String, Object> event = parse(callback);
        event.put("rawPath", url.getPath());
        object(object(event, "requestContext"), "http").put("path", url.getPath());
        String[] path = url.getPath().split("/");
        event.put("pathParameters", Map.of("callback_key", path[path.length - 2], "task_id", path[path.length - 1]));
        event.put("body", Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)));
        Map<String, Object> headers = object(event, "headers");
        headers.put("content-length", Integer.toString(body.length()));
        headers.put("x-twilio-signature", signature(url.toString(), form, isGenuine ? ACCOUNT.authToken() : "forged"));
        return Json.writeText(event);
    }

    /** See <a href="https://www.twilio.com/docs/usage/security">Twilio on signatures</a>. */
    private static String signature(String url, Map<String, String> form, String authToken) {
        var signed = new StringBuilder(url);
        form.forEach((name, value) -> signed.append(name).append(value));
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has it", impossible);
        }
    }

    /** The HTTP status of an answer to an HTTP event. */
    static int status(String answer) {
        return parse(answer).get("statusCode") instanceof Number status ? status.intValue() : 0;
    }

    private static Map<String, Object> parse(String json) {
        try {
            return new HashMap<>(Json.parseObject(json));
        } catch (BadJson e) {
            throw new RunFailed("not JSON: " + json, e);
        }
    }

    @SuppressWarnings("unchecked") // JSON has no other keys.
    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.computeIfPresent(name, (key, old) -> new HashMap<>((Map<String, ?>) old));
    }
}
