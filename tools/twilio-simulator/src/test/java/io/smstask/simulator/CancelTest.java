package io.smstask.simulator;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** Cancelling a message, as Twilio's own library does. */
final class CancelTest extends SimulatorTest {

    @Test
    void a_scheduled_message_is_cancelled_and_nothing_more_happens_to_it() {
        String sid = scheduled().getSid();

        Message canceled = cancel(sid);

        assertThat(canceled.getStatus()).isEqualTo(Message.Status.CANCELED);
        await("the callback").until(() -> receiver.statuses().contains("canceled"));
        assertThat(receiver.statuses()).containsExactly("canceled");
        assertThat(Message.fetcher(sid).fetch(client).getStatus()).isEqualTo(Message.Status.CANCELED);
    }

    @Test
    void what_was_cancelled_or_has_ended_is_too_late() {
        String canceled = scheduled().getSid();
        cancel(canceled);
        String delivered = message(TO).create(client).getSid();
        await("the message delivered")
                .until(() -> Message.fetcher(delivered).fetch(client).getStatus() == Message.Status.DELIVERED);

        for (String sid : new String[] {canceled, delivered}) {
            assertThatExceptionOfType(ApiException.class)
                    .isThrownBy(() -> cancel(sid))
                    .satisfies(e -> assertThat(e.getCode()).isEqualTo(30409))
                    .satisfies(e -> assertThat(e.getStatusCode()).isEqualTo(400));
        }
        assertThat(Message.fetcher(delivered).fetch(client).getStatus()).isEqualTo(Message.Status.DELIVERED);
    }

    @Test
    void another_change_and_another_accounts_message_are_refused() throws IOException, InterruptedException {
        String sid = scheduled().getSid();

        assertThat(change(ACCOUNT, TOKEN, sid, "Status=canceled&Body=").statusCode())
                .isEqualTo(400);
        assertThat(change(ACCOUNT, TOKEN, sid, "Status=sent").statusCode()).isEqualTo(400);
        assertThat(change(OTHER_ACCOUNT, "other", sid, "Status=canceled").statusCode())
                .isEqualTo(404);
        assertThat(change(ACCOUNT, "wrong", sid, "Status=canceled").statusCode())
                .isEqualTo(401);
        assertThat(Message.fetcher(sid).fetch(client).getStatus()).isEqualTo(Message.Status.SCHEDULED);
    }

    private Message scheduled() {
        return Message.creator(new PhoneNumber(TO), SERVICE, "Hello")
                .setScheduleType(Message.ScheduleType.FIXED)
                .setSendAt(ZonedDateTime.now().plusHours(1))
                .setStatusCallback(URI.create(receiver.url("/callback")))
                .create(client);
    }

    private Message cancel(String sid) {
        return Message.updater(sid).setStatus(Message.UpdateStatus.CANCELED).update(client);
    }

    private HttpResponse<String> change(String account, String token, String sid, String form)
            throws IOException, InterruptedException {
        return send(request("/2010-04-01/Accounts/" + account + "/Messages/" + sid + ".json", account, token)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }
}
