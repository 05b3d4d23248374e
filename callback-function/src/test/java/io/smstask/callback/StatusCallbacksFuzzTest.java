package io.smstask.callback;

import static io.smstask.callback.CallbackFixture.ACCOUNT;
import static io.smstask.callback.CallbackFixture.BASE;
import static io.smstask.callback.CallbackFixture.ID;
import static io.smstask.callback.CallbackFixture.KEY;
import static io.smstask.callback.CallbackFixture.SID;
import static io.smstask.callback.CallbackFixture.TOKEN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.smstask.lambda.HttpRequest;
import io.smstask.task.MessageStatus;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore.Call;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.provider.MethodSource;

/** Receives any form, signed or not, for a task. */
final class StatusCallbacksFuzzTest {

    private static final String PATH = "/nvp/callback/" + KEY + "/" + ID;
    private static final String DELIVERED = form("delivered");

    private static final Set<CallbackReply> OF_A_GENUINE_CALLBACK = EnumSet.of(
            CallbackReply.APPLIED,
            CallbackReply.NOTED,
            CallbackReply.OTHER_ACCOUNT,
            CallbackReply.OTHER_SID,
            CallbackReply.NOT_PARSABLE);

    static List<byte[]> signaturesAndForms() {
        return List.of(
                (signature(DELIVERED.getBytes(ISO_8859_1)) + "\n" + DELIVERED).getBytes(ISO_8859_1),
                ("AP+KU67B1MGr+R6+gn0rWcG2CIs=\n" + DELIVERED).getBytes(ISO_8859_1),
                "\n".getBytes(ISO_8859_1));
    }

    /** The input is the signature on the first line and the form on the rest. */
    @MethodSource("signaturesAndForms")
    @FuzzTest(maxDuration = "10m")
    void nothing_is_written_unless_twilio_signed_it(byte[] signatureAndForm) {
        String[] parts = new String(signatureAndForm, ISO_8859_1).split("\n", 2);
        byte[] body = (parts.length > 1 ? parts[1] : "").getBytes(ISO_8859_1);
        CallbackFixture fixture = CallbackFixture.withTask();
        Task before = fixture.stored();

        CallbackReply reply = fixture.receive(request(parts[0], body));

        if (isSigned(parts[0], body)) {
            assertThat(OF_A_GENUINE_CALLBACK).contains(reply);
        } else {
            assertThat(reply)
                    .isIn(
                            CallbackReply.FORGED,
                            CallbackReply.UNSIGNED,
                            CallbackReply.NOT_PARSABLE,
                            CallbackReply.TOO_LARGE);
            assertThat(fixture.store.calls()).doesNotContain(Call.WRITE);
            assertThat(fixture.stored()).isEqualTo(before);
        }
    }

    static List<byte[]> callbacksInTurn() {
        return List.of(
                (form("sent") + "\n" + DELIVERED + "\n" + form("read")).getBytes(ISO_8859_1),
                (form("undelivered") + "&ErrorCode=30003\n" + form("brand_new") + "\n" + form("failed"))
                        .getBytes(ISO_8859_1),
                "MessageStatus=sent\n&\nMessageSid=SM1".getBytes(ISO_8859_1));
    }

    /** The input has one form per line, each signed as Twilio does. */
    @MethodSource("callbacksInTurn")
    @FuzzTest(maxDuration = "10m")
    void genuine_callbacks_only_move_a_task_on(byte[] forms) {
        CallbackFixture fixture = CallbackFixture.withTask().recorded("queued");
        for (String line : new String(forms, ISO_8859_1).split("\n", 64)) {
            byte[] body = line.getBytes(ISO_8859_1);
            Task before = fixture.stored();

            CallbackReply reply = fixture.receive(request(signature(body), body));

            Task after = fixture.stored();
            assertThat(OF_A_GENUINE_CALLBACK).contains(reply);
            assertThat(after.sid()).isEqualTo(before.sid());
            assertThat(rank(after)).isGreaterThanOrEqualTo(rank(before));
            assertThat(reply == CallbackReply.APPLIED).isEqualTo(!after.status().equals(before.status()));
            assertThat(after.history()).hasSizeBetween(before.history().size(), 50);
            if (reply == CallbackReply.OTHER_ACCOUNT || reply == CallbackReply.NOT_PARSABLE) {
                assertThat(after).isEqualTo(before);
            }
        }
    }

    private static String form(String status) {
        return "MessageSid=" + SID + "&AccountSid=" + ACCOUNT + "&MessageStatus=" + status;
    }

    private static HttpRequest request(String signature, byte[] body) {
        return new HttpRequest(
                "POST",
                PATH,
                Map.of("content-type", "application/x-www-form-urlencoded", "x-twilio-signature", signature),
                body);
    }

    private static boolean isSigned(String signature, byte[] body) {
        return signature.equals(signature(body));
    }

    /** Twilio's signature of the form; of no fields if it cannot be parsed. */
    private static String signature(byte[] body) {
        try {
            return SampleCallback.signature(
                    BASE + PATH, CallbackForm.parse(body).all(), TOKEN);
        } catch (BadForm e) {
            return SampleCallback.signature(BASE + PATH, Map.of(), TOKEN);
        }
    }

    private static int rank(Task task) {
        return task.status().map(MessageStatus::rank).orElse(MessageStatus.NO_RANK);
    }
}
