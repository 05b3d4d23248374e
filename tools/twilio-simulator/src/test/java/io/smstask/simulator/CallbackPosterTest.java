package io.smstask.simulator;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks as received, checked by Twilio's own validator. */
final class CallbackPosterTest extends SimulatorTest {
    private static final String ALL = "#rc=5&rp=all";

    @Test
    void every_callback_is_signed_and_there_is_none_for_the_first_status() {
        var sent =
                messageCallingBack(TO, "/nvp/callback/a/order-4711?x=1&y=a%20b").create(client);

        await("the callback delivered").until(() -> receiver.statuses().contains("delivered"));
        assertThat(receiver.statuses()).containsExactly("sending", "sent", "delivered");
        assertThat(receiver.received())
                .allMatch(CallbackReceiver.Received::valid)
                .allSatisfy(callback -> {
                    assertThat(callback.fields())
                            .containsEntry("MessageSid", sent.getSid())
                            .containsEntry("SmsSid", sent.getSid())
                            .containsEntry("SmsStatus", callback.status())
                            .containsEntry("AccountSid", ACCOUNT)
                            .containsEntry("ApiVersion", "2010-04-01")
                            .containsEntry("To", TO)
                            .containsEntry("From", FROM)
                            .doesNotContainKeys("ErrorCode", "MessagingServiceSid");
                    assertThat(callback.headers())
                            .containsEntry("User-Agent", "TwilioProxy/1.1")
                            .containsEntry("Accept", "*/*")
                            .containsEntry("X-Home-Region", "us1")
                            .containsEntry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
                });
        assertThat(receiver.received().stream()
                        .map(callback -> callback.headers().get("I-Twilio-Idempotency-Token"))
                        .distinct())
                .hasSize(3);
    }

    @Test
    void fields_come_in_twilios_order_and_a_receipt_has_its_date() {
        messageCallingBack(TO, "/").create(client);

        await("three callbacks").until(() -> receiver.received().size() == 3);
        assertThat(receiver.received().get(0).body())
                .matches("ApiVersion=.*&MessageStatus=sending&SmsSid=.*&SmsStatus=sending&To=%2B15558675310"
                        + "&From=%2B15005550006&MessageSid=.*&AccountSid=.*");
        assertThat(receiver.received().get(2).body())
                .matches("RawDlrDoneDate=\\d{10}&SmsSid=.*&SmsStatus=delivered&MessageStatus=delivered&To=.*"
                        + "&MessageSid=.*&AccountSid=.*&From=.*&ApiVersion=2010-04-01");
    }

    @Test
    void a_messaging_service_is_named_with_the_sender_it_chose() {
        Message.creator(new PhoneNumber(TO), SERVICE, "Hello")
                .setStatusCallback(URI.create(receiver.url("/")))
                .create(client);

        await("four callbacks").until(() -> receiver.received().size() == 4);
        assertThat(receiver.statuses()).containsExactly("queued", "sending", "sent", "delivered");
        assertThat(receiver.received())
                .allMatch(CallbackReceiver.Received::valid)
                .allSatisfy(callback -> assertThat(callback.fields())
                        .containsEntry("MessagingServiceSid", SERVICE)
                        .containsEntry("From", FROM));
    }

    @ParameterizedTest
    @EnumSource
    void a_chosen_number_brings_its_outcome(DeliveryOutcome outcome) {
        var sent = messageCallingBack(outcome.number().isEmpty() ? TO : outcome.number(), "/")
                .create(client);

        await("the callback " + outcome.lastStatus())
                .until(() -> receiver.statuses().contains(outcome.lastStatus()));
        var last = receiver.received().get(receiver.received().size() - 1);
        assertThat(last.status()).isEqualTo(outcome.lastStatus());
        assertThat(last.valid()).isTrue();
        assertThat(last.fields().get("ErrorCode"))
                .isEqualTo(outcome.errorCode().map(String::valueOf).orElse(null));
        assertThat(last.fields().containsKey("RawDlrDoneDate"))
                .isEqualTo(outcome.lastStatus().endsWith("delivered"));
        assertThat(Message.fetcher(sent.getSid()).fetch(client).getErrorCode())
                .isEqualTo(outcome.errorCode().orElse(null));
    }

    @Test
    void a_planned_failure_of_an_ordinary_number_has_no_known_reason() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer("undelivered"));
        messageCallingBack(TO, "/").create(client);

        await("a callback").until(() -> !receiver.received().isEmpty());
        assertThat(receiver.received().get(0).fields()).containsEntry("ErrorCode", "30008");
    }

    @Test
    void a_plan_may_tell_anything_in_any_order_and_a_reader_still_sees_the_final_status() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer("delivered", "sent", "sent", "brand_new_status"));
        var sent = messageCallingBack(TO, "/").create(client);

        await("four callbacks").until(() -> receiver.received().size() == 4);
        assertThat(receiver.statuses()).containsExactly("delivered", "sent", "sent", "brand_new_status");
        assertThat(Message.fetcher(sent.getSid()).fetch(client).getStatus()).isEqualTo(Message.Status.DELIVERED);
    }

    @Test
    void callbacks_may_come_before_the_answer() {
        twilio.nextCallbacks(CallbackPlan.beforeAnswer("queued", "delivered").then("read"));
        var sent = messageCallingBack(TO, "/").create(client);

        assertThat(sent.getStatus()).isEqualTo(Message.Status.QUEUED);
        assertThat(receiver.statuses()).startsWith("queued", "delivered");
        await("the callbacks queued, delivered and read")
                .untilAsserted(() -> assertThat(receiver.statuses()).containsExactly("queued", "delivered", "read"));
    }

    @Test
    void callbacks_may_be_lost() {
        twilio.nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        var sent = messageCallingBack(TO, "/").create(client);

        await("the message delivered")
                .until(() -> twilio.messages().get(0).status().equals("delivered"));
        assertThat(Message.fetcher(sent.getSid()).fetch(client).getStatus()).isEqualTo(Message.Status.DELIVERED);
        assertThat(twilio.callbacks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "503,'',1",
        "503,#rc=2&rp=5xx,3",
        "503,#rc=2&rp=4xx,1",
        "429,#rc=1&rp=all,2",
        "404,#rc=0&rp=all,1",
        "302,#rc=5&rp=all,1"
    })
    void a_bad_answer_is_repeated_only_where_the_fragment_asks_for_it(int status, String fragment, int attempts) {
        receiver.answering(status, status, status, status);
        twilio.nextCallbacks(CallbackPlan.afterAnswer("delivered", "read"));
        messageCallingBack(TO, "/" + fragment).create(client);

        await("the callback read").until(() -> receiver.statuses().contains("read"));
        assertThat(receiver.statuses()).filteredOn("delivered"::equals).hasSize(attempts);
        assertThat(receiver.received()).allMatch(CallbackReceiver.Received::valid);
    }

    @Test
    void retries_of_one_callback_share_a_token_and_end_with_success() {
        receiver.answering(500, 429, 204);
        twilio.nextCallbacks(CallbackPlan.afterAnswer("delivered", "read"));
        messageCallingBack(TO, "/a" + ALL).create(client);

        await("four attempts of callbacks").until(() -> twilio.callbacks().size() == 4);
        var delivered = twilio.callbacks().subList(0, 3);
        assertThat(delivered).extracting(CallbackAttempt::attempt).containsExactly(1, 2, 3);
        assertThat(delivered).extracting(CallbackAttempt::failure).containsExactly("5xx", "4xx", "");
        assertThat(delivered)
                .extracting(CallbackAttempt::idempotencyToken)
                .containsOnly(receiver.received().get(0).headers().get("I-Twilio-Idempotency-Token"));
        assertThat(twilio.callbacks().get(3).idempotencyToken())
                .isNotEqualTo(delivered.get(0).idempotencyToken());
        assertThat(twilio.callbacks()).allMatch(attempt -> attempt.url().equals(receiver.url("/a")));
    }

    @Test
    void a_refused_connection_is_tried_once_more_by_default() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        twilio.nextCallbacks(CallbackPlan.afterAnswer("delivered", "read"));
        message(TO)
                .setStatusCallback(URI.create("http://127.0.0.1:" + free + "/"))
                .create(client);

        await("four attempts of callbacks").until(() -> twilio.callbacks().size() == 4);
        assertThat(twilio.callbacks()).extracting(CallbackAttempt::failure).containsOnly("ct");
        assertThat(twilio.callbacks())
                .extracting(CallbackAttempt::status)
                .containsExactly("delivered", "delivered", "read", "read");
    }

    @Test
    void a_receiver_that_never_answers_is_left_after_its_time() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            twilio.nextCallbacks(CallbackPlan.afterAnswer("delivered"));
            message(TO)
                    .setStatusCallback(
                            URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/#rt=200&tt=500&rc=5&rp=rt"))
                    .create(client);

            await("a second attempt, and a last one")
                    .during(Duration.ofMillis(300))
                    .until(twilio::callbacks, attempts -> attempts.size() >= 2);
            // Without the total time there would be all six.
            assertThat(twilio.callbacks())
                    .hasSizeLessThan(6)
                    .extracting(CallbackAttempt::failure)
                    .containsOnly("rt");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a?", "/?", "/?#rc=0", "/a?x=%c3%a9", "//a/../b", "/a?x=1?y", "/a%2Fb%20c?x=a+b", "/a?#?"})
    void a_url_is_signed_as_it_is_requested(String path) {
        messageCallingBack(TO, path).create(client);

        await("a callback").until(() -> !receiver.received().isEmpty());
        assertThat(receiver.received()).allMatch(CallbackReceiver.Received::valid);
    }

    @Test
    void an_attempt_that_cannot_be_made_at_all_has_failed_like_a_connection() {
        var unreachable = CallbackRequest.of("http://127.0.0.1:65536/", Map.of(), TOKEN);

        var result = new CallbackClients()
                .post(unreachable, ConnectionOverrides.of(""), Duration.ofSeconds(15))
                .join();
        assertThat(result.failure()).contains(ConnectionOverrides.Failure.CONNECT);
    }

    @Test
    void user_info_in_the_url_is_sent_to_a_receiver_that_asks_for_it_and_never_signed() {
        receiver.askingForPassword("user:se cret");
        twilio.nextCallbacks(CallbackPlan.afterAnswer("sent"));
        message(TO)
                .setStatusCallback(URI.create(receiver.url("/a#rc=0").replace("//", "//user:se%20cret@")))
                .create(client);

        await("an attempt").until(() -> !twilio.callbacks().isEmpty());
        assertThat(twilio.callbacks()).singleElement().satisfies(attempt -> {
            assertThat(attempt.responseCode()).contains(204);
            assertThat(attempt.url()).doesNotContain("cret");
        });
        assertThat(receiver.received()).hasSize(2).allMatch(CallbackReceiver.Received::valid);
    }

    @Test
    void a_receiver_that_asks_in_vain_gets_one_callback() {
        receiver.askingForPassword("user:secret");
        twilio.nextCallbacks(CallbackPlan.afterAnswer("sent"));
        messageCallingBack(TO, "/").create(client);

        await("an attempt").until(() -> !twilio.callbacks().isEmpty());
        assertThat(twilio.callbacks().get(0).responseCode()).contains(401);
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void user_info_in_the_url_is_neither_sent_nor_signed() {
        message(TO)
                .setStatusCallback(URI.create(receiver.url("/a").replace("//", "//user:secret@")))
                .create(client);

        await("a callback").until(() -> !receiver.received().isEmpty());
        assertThat(receiver.received().get(0).valid()).isTrue();
        assertThat(receiver.received().get(0).headers()).doesNotContainKey("Authorization");
    }

    @Test
    void nothing_is_posted_once_it_is_closed() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer("queued"));
        messageCallingBack(TO, "/").create(client);
        await("one callback").until(() -> receiver.received().size() == 1);
        var slow = TwilioSimulator.start(
                SimulatorOptions.of(new Account(ACCOUNT, TOKEN)).withCallbackDelay(Duration.ofMillis(200)));
        messageCallingBack(TO, "/slow").create(RedirectedClient.to(slow.baseUrl(), ACCOUNT, TOKEN, ACCOUNT));
        slow.close();

        await("no further callback")
                .during(Duration.ofMillis(400))
                .until(receiver::statuses, statuses -> statuses.size() == 1);
    }
}
