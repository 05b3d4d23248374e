package io.smstask.callback;

import io.smstask.json.Json;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.RehearsalContext;
import io.smstask.start.Priming;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.Claim;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.RecordStatus;
import io.smstask.task.Sms;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CallbackUrl;
import io.smstask.twilio.StackCredentials;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One genuine callback from event to answer, without a call to anyone: what it runs need not be loaded by the first event. */
final class CallbackRehearsal {

    private static final TaskId TASK = new TaskId("rehearsal");
    private static final String ACCOUNT = "AC00000000000000000000000000000000";
    private static final String SID = "SM00000000000000000000000000000000";
    private static final String TOKEN = "00000000000000000000000000000000";
    private static final String BASE = "https://rehearsal.invalid";

    private CallbackRehearsal() {}

    /**
     * Runs it.
     *
     * @param store calls nobody either
     */
    static void run(TaskStore store, Clock clock) {
        CallbackKey key = CallbackKey.random(new SecureRandom());
        store.claim(task(key, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        StackCredentials noStack = new StackCredentials(Optional.empty(), id -> Optional.empty(), clock);
        RecordStatus recordStatus = new RecordStatus(store, clock);
        TellSubscribers nobody = new TellSubscribers(store, (token, task, limit) -> true, Optional.empty(), clock);
        CallbackHandler handler = new CallbackHandler(new CallbackWiring(
                new StatusCallbacks(store, recordStatus, nobody, noStack, clock), new FailureCounts(), Priming.NONE));
        try (var event = new ByteArrayInputStream(Json.write(event(key)));
                var answer = new ByteArrayOutputStream()) {
            handler.handleRequest(event, answer, new RehearsalContext());
            if (!answer.toString(StandardCharsets.UTF_8).contains("\"statusCode\":204")) {
                throw new IllegalStateException("a rehearsal's callback is taken");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a rehearsal reads and writes memory", e);
        }
    }

    private static Task task(CallbackKey key, Instant now) {
        Sms sms = new Sms(
                new AccountSid(ACCOUNT),
                new PhoneNumber("+15005550009"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("rehearsal")),
                Map.of());
        Claim claim = new Claim(
                "rehearsal", 1, now.plusSeconds(28), BASE, key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return Task.claimed(TASK, sms, claim, now, now.plusSeconds(60), Optional.empty());
    }

    private static Map<String, Object> event(CallbackKey key) {
        String url = CallbackUrl.of(BASE, key, TASK);
        String path = url.substring(BASE.length());
        // Twilio signs the fields in the order of their names.
        String signed = url + "AccountSid" + ACCOUNT + "MessageSid" + SID + "MessageStatus" + "sent";
        String form = "AccountSid=" + ACCOUNT + "&MessageSid=" + SID + "&MessageStatus=sent";
        return Map.of(
                "version",
                "2.0",
                "rawPath",
                path,
                "headers",
                Map.of("content-type", StatusCallbacks.FORM, TwilioSignature.HEADER, signature(signed)),
                "requestContext",
                Map.of("http", Map.of("method", "POST", "path", path)),
                "isBase64Encoded",
                true,
                "body",
                Base64.getEncoder().encodeToString(form.getBytes(StandardCharsets.UTF_8)));
    }

    private static String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(TOKEN.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA1", e);
        }
    }
}
