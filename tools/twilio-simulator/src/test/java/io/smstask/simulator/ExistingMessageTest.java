package io.smstask.simulator;

import static io.smstask.testing.Patience.await;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.message.Media;
import com.twilio.type.PhoneNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What can be done with a message that exists. */
final class ExistingMessageTest extends SimulatorTest {
    private static final String MESSAGES = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages";

    private Message delivered() {
        twilio.nextCallbacks(CallbackPlan.beforeAnswer("sent", "delivered"));
        return message(TO).create(client);
    }

    private Message unsent() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer());
        return message(TO).create(client);
    }

    private Message scheduled() {
        return Message.creator(new PhoneNumber(TO), SERVICE, "Hello")
                .setScheduleType(Message.ScheduleType.FIXED)
                .setSendAt(ZonedDateTime.now(UTC).plusHours(1))
                .setStatusCallback(URI.create(receiver.url("/")))
                .create(client);
    }

    private static void isRefused(ThrowingCallable call, int code) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(call)
                .satisfies(thrown -> assertThat(thrown.getCode()).isEqualTo(code));
    }

    @Test
    void an_empty_body_redacts_a_message() {
        var sent = delivered();

        var redacted = Message.updater(sent.getSid()).setBody("").update(client);
        assertThat(redacted.getBody()).isEmpty();
        assertThat(redacted.getNumSegments()).isEqualTo("1");
        assertThat(Message.fetcher(sent.getSid()).fetch(client).getBody()).isEmpty();
    }

    @Test
    void the_answer_to_a_cancel_may_be_lost() {
        twilio.nextFault(Fault.CANCELED_THEN_CLOSED);
        var scheduled = scheduled();

        assertThatThrownBy(() -> Message.updater(scheduled.getSid())
                        .setStatus(Message.UpdateStatus.CANCELED)
                        .update(client))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(Message.fetcher(scheduled.getSid()).fetch(client).getStatus())
                .isEqualTo(Message.Status.CANCELED);
    }

    @Test
    void a_scheduled_message_is_cancelled_and_tells_it() {
        var scheduled = scheduled();

        var canceled = Message.updater(scheduled.getSid())
                .setStatus(Message.UpdateStatus.CANCELED)
                .update(client);
        assertThat(canceled.getStatus()).isEqualTo(Message.Status.CANCELED);
        assertThat(canceled.getDateSent()).isNull();
        await("the callback canceled").until(() -> receiver.statuses().contains("canceled"));
        assertThat(receiver.received()).singleElement().matches(CallbackReceiver.Received::valid);
    }

    @Test
    void a_fault_of_a_messages_callbacks_is_its_cancels_too() {
        twilio.nextFault(Fault.CALLBACKS_SIGNED_WRONG);
        Message.updater(scheduled().getSid())
                .setStatus(Message.UpdateStatus.CANCELED)
                .update(client);
        await("a forged callback").until(() -> receiver.statuses().contains("canceled"));
        assertThat(receiver.received()).noneMatch(CallbackReceiver.Received::valid);

        twilio.nextFault(Fault.CALLBACKS_DUPLICATED);
        Message.updater(scheduled().getSid())
                .setStatus(Message.UpdateStatus.CANCELED)
                .update(client);
        await("two callbacks more").until(() -> receiver.received().size() == 3);
    }

    @Test
    void a_cancelled_message_goes_no_further() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer("queued", "delivered", "read"));
        twilio.callbackDelay(Duration.ofHours(1));
        var scheduled = scheduled();
        Message.updater(scheduled.getSid())
                .setStatus(Message.UpdateStatus.CANCELED)
                .update(client);

        var message = twilio.messages().get(0);
        assertThat(message.reach("delivered", Instant.now())).isFalse();
        assertThat(message.status()).isEqualTo("canceled");
    }

    @Test
    void what_cannot_be_changed_gives_twilios_error() {
        var sent = delivered();
        var queued = unsent();

        isRefused(
                () -> Message.updater(sent.getSid())
                        .setStatus(Message.UpdateStatus.CANCELED)
                        .update(client),
                30409);
        isRefused(() -> Message.updater(sent.getSid()).setBody("Other").update(client), 20001);
        isRefused(() -> Message.updater(queued.getSid()).setBody("").update(client), 20009);
        isRefused(() -> Message.deleter(queued.getSid()).delete(client), 20009);
        isRefused(
                () -> Message.updater("SM00000000000000000000000000000009")
                        .setBody("")
                        .update(client),
                20404);
    }

    @Test
    void a_deleted_message_is_gone() {
        var sent = delivered();

        assertThat(Message.deleter(sent.getSid()).delete(client)).isTrue();
        isRefused(() -> Message.fetcher(sent.getSid()).fetch(client), 20404);
        assertThat(Message.reader().read(client)).isEmpty();
        assertThat(twilio.messages()).isEmpty();
    }

    @Test
    void the_links_of_a_message_lead_somewhere() throws IOException, InterruptedException {
        var sent = message(TO)
                .setMediaUrl(List.of(URI.create("https://example.com/a.png"), URI.create("https://example.com/b.png")))
                .create(client);
        var plain = message(TO).create(client);

        var media = new ArrayList<Media>();
        Media.reader(sent.getSid()).read(client).forEach(media::add);
        assertThat(media).hasSize(2).extracting(Media::getParentSid).containsOnly(sent.getSid());
        assertThat(media).extracting(Media::getSid).doesNotHaveDuplicates();
        for (var medium : media) {
            assertThat(get(medium.getUri(), ACCOUNT, TOKEN).statusCode()).isEqualTo(200);
        }
        var links = new ObjectMapper()
                .readTree(get(MESSAGES + "/" + plain.getSid() + ".json", ACCOUNT, TOKEN)
                        .body());
        var none = get(links.at("/subresource_uris/media").textValue(), ACCOUNT, TOKEN);
        assertThat(new ObjectMapper().readTree(none.body()).path("media_list")).isEmpty();
        assertThat(get(MESSAGES + "/" + plain.getSid() + "/Media/ME1.json", ACCOUNT, TOKEN)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void head_is_answered_like_get_without_a_body() throws IOException, InterruptedException {
        String path = MESSAGES + "/" + delivered().getSid() + ".json";

        for (String url : List.of(path, MESSAGES + ".json")) {
            assertThat(head(url, TOKEN)).isEqualTo(200);
            assertThat(head(url, "wrong")).isEqualTo(401);
        }
        assertThat(head(MESSAGES + "/SM00000000000000000000000000000009.json", TOKEN))
                .isEqualTo(404);
    }

    private int head(String path, String token) throws IOException, InterruptedException {
        var answer = send(request(path, ACCOUNT, token).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.body()).isEmpty();
        return answer.statusCode();
    }
}
