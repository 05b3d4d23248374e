package io.smstask.local;

import io.smstask.local.TasksClient.Reply;
import io.smstask.simulator.ReceivedRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Twilio's callback for a message of the simulated account, correctly signed, at a time that the test chooses.
 *
 * @param request the POST that the message was sent with
 * @param account in the form; another one than the simulated account is not the task's
 */
public record SignedCallback(ReceivedRequest request, String sid, String status, String account) {

    /** For the simulated account. */
    public SignedCallback(ReceivedRequest request, String sid, String status) {
        this(request, sid, status, LocalOptions.SIMULATED_ACCOUNT.sid());
    }

    public Reply postTo(LocalStack stack) throws GeneralSecurityException {
        return postTo(stack.callbackUrl());
    }

    /** Posts it to the stack's callback API. */
    public Reply postTo(URI callbackApi) throws GeneralSecurityException {
        String url = request.form().get("StatusCallback").get(0).split("#")[0];
        String form = "MessageSid=" + sid + "&MessageStatus=" + status + "&AccountSid=" + account;
        String signed = url + "AccountSid" + account + "MessageSid" + sid + "MessageStatus" + status;
        return new TasksClient(callbackApi)
                .post(
                        URI.create(url).getPath(),
                        "application/x-www-form-urlencoded",
                        form,
                        "X-Twilio-Signature",
                        signature(signed));
    }

    private static String signature(String signed) throws GeneralSecurityException {
        byte[] token = LocalOptions.SIMULATED_ACCOUNT.authToken().getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(token, "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }
}
