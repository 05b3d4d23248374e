package io.smstask.simulator;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.security.RequestValidator;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault does what its description says. */
final class FaultTest extends SimulatorTest {
    private static final List<String> USUAL = List.of("sending", "sent", "delivered");

    private String form() {
        return "To=%2B15558675310&From=%2B15005550006&Body=Hello&StatusCallback=" + receiver.url("/a");
    }

    private void awaitCallbacks(String... statuses) {
        await("the callbacks " + List.of(statuses))
                .untilAsserted(() -> assertThat(receiver.statuses()).containsExactly(statuses));
    }

    private Message read(String sid) {
        return Message.fetcher(sid).fetch(client);
    }

    @Test
    void callbacks_are_faster_than_the_answer() {
        twilio.nextFault(Fault.CALLBACKS_BEFORE_ANSWER);

        var sent = messageCallingBack(TO, "/").create(client);
        assertThat(receiver.statuses()).isEqualTo(USUAL);
        assertThat(sent.getStatus()).isEqualTo(Message.Status.QUEUED);
    }

    @Test
    void callbacks_come_in_reverse_order() {
        twilio.nextFault(Fault.CALLBACKS_REORDERED);

        var sent = messageCallingBack(TO, "/").create(client);
        awaitCallbacks("delivered", "sent", "sending");
        assertThat(read(sent.getSid()).getStatus()).isEqualTo(Message.Status.DELIVERED);
    }

    @Test
    void a_message_without_a_receipt_stays_sent_though_its_callbacks_come_in_reverse_order() {
        twilio.nextFault(Fault.CALLBACKS_REORDERED);

        var sent = messageCallingBack(DeliveryOutcome.NO_RECEIPT.number(), "/").create(client);
        awaitCallbacks("sent", "sending");
        assertThat(read(sent.getSid()).getStatus()).isEqualTo(Message.Status.SENT);
    }

    @Test
    void callbacks_come_twice() {
        twilio.nextFault(Fault.CALLBACKS_DUPLICATED);

        messageCallingBack(TO, "/").create(client);
        awaitCallbacks("sending", "sending", "sent", "sent", "delivered", "delivered");
        assertThat(receiver.received().stream()
                        .map(callback -> callback.headers().get("I-Twilio-Idempotency-Token"))
                        .distinct())
                .hasSize(6);
    }

    @Test
    void callbacks_are_dropped_and_the_message_is_delivered() {
        twilio.nextFault(Fault.CALLBACKS_DROPPED);

        var sent = messageCallingBack(TO, "/").create(client);
        await("the message delivered").until(() -> read(sent.getSid()).getStatus() == Message.Status.DELIVERED);
        assertThat(twilio.callbacks()).isEmpty();
    }

    @Test
    void callbacks_come_late() {
        twilio.nextFault(Fault.CALLBACKS_DELAYED, Duration.ofMillis(400));
        var start = Instant.now();

        messageCallingBack(TO, "/").create(client);
        awaitCallbacks("sending", "sent", "delivered");
        assertThat(twilio.callbacks().get(0).at()).isAfterOrEqualTo(start.plusMillis(400));
    }

    @Test
    void callbacks_are_signed_wrong() {
        twilio.nextFault(Fault.CALLBACKS_SIGNED_WRONG);

        messageCallingBack(TO, "/").create(client);
        await("three callbacks").until(() -> receiver.received().size() == 3);
        assertThat(receiver.received())
                .noneMatch(CallbackReceiver.Received::valid)
                .allSatisfy(callback -> {
                    assertThat(callback.fields()).containsEntry("AccountSid", ACCOUNT);
                    assertThat(callback.headers().get("X-Twilio-Signature")).matches("[A-Za-z0-9+/]{27}=");
                });
    }

    @Test
    void callbacks_are_signed_by_another_account() {
        twilio.nextFault(Fault.CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT);

        var sent = messageCallingBack(TO, "/a").create(client);
        await("three callbacks").until(() -> receiver.received().size() == 3);
        assertThat(receiver.received())
                .noneMatch(CallbackReceiver.Received::valid)
                .allSatisfy(callback -> {
                    assertThat(callback.fields())
                            .containsEntry("AccountSid", OTHER_ACCOUNT)
                            .containsEntry("MessageSid", sent.getSid());
                    assertThat(new RequestValidator("other")
                                    .validate(
                                            receiver.url("/a"),
                                            callback.fields(),
                                            callback.headers().get("X-Twilio-Signature")))
                            .isTrue();
                });
    }

    @Test
    void a_stranger_signs_where_there_is_one_account_only() {
        var own = new Account(ACCOUNT, TOKEN);
        var poster = new Accounts(List.of(own)).poster(own, CallbackPlan.Signing.ANOTHER_ACCOUNT);

        assertThat(poster.sid()).matches("AC[0-9a-f]{32}").isNotEqualTo(ACCOUNT);
        assertThat(poster.authToken()).isNotEqualTo(TOKEN);
    }

    @Test
    void a_message_is_taken_and_the_connection_closed() {
        twilio.nextFault(Fault.ACCEPTED_THEN_CLOSED);

        assertThatThrownBy(() -> post(form())).isInstanceOf(IOException.class);
        awaitCallbacks("sending", "sent", "delivered");
        assertThat(twilio.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED_THEN_500,500,application/json,20500",
        "ACCEPTED_THEN_502,502,text/plain,Bad gateway",
        "ACCEPTED_THEN_503,503,application/json,20503",
        "ACCEPTED_THEN_HTML,200,text/html,<!doctype html>"
    })
    void a_message_is_taken_though_the_answer_says_otherwise(Fault fault, int status, String type, String content)
            throws IOException, InterruptedException {
        twilio.nextFault(fault);

        var answer = post(form());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith(type);
        assertThat(answer.body()).contains(content);
        awaitCallbacks("sending", "sent", "delivered");
    }

    @ParameterizedTest
    @CsvSource({"WITHOUT_SID,sid,status", "WITHOUT_STATUS,status,sid"})
    void an_answer_lacks_a_field(Fault fault, String missing, String there) throws IOException, InterruptedException {
        twilio.nextFault(fault);

        var answer = post(form());
        assertThat(answer.statusCode()).isEqualTo(201);
        var json = new ObjectMapper().readTree(answer.body());
        assertThat(json.has(missing)).isFalse();
        assertThat(json.has(there)).isTrue();
        assertThat(twilio.messages()).hasSize(1);
    }

    @Test
    void a_connection_hangs_until_it_is_closed() {
        twilio.nextFault(Fault.HANG, Duration.ofMillis(300));
        var start = Instant.now();

        assertThatThrownBy(() -> post(form())).isInstanceOf(IOException.class);
        assertThat(Instant.now()).isAfterOrEqualTo(start.plusMillis(300));
        assertThat(twilio.messages()).isEmpty();
    }

    @Test
    void an_answer_is_slow() {
        twilio.nextFault(Fault.SLOW_ANSWER, Duration.ofMillis(300));
        var start = Instant.now();

        var sent = messageCallingBack(TO, "/").create(client);
        assertThat(Instant.now()).isAfterOrEqualTo(start.plusMillis(300));
        assertThat(sent.getStatus()).isEqualTo(Message.Status.QUEUED);
        awaitCallbacks("sending", "sent", "delivered");
    }

    @Test
    void too_many_requests_are_not_processed() {
        twilio.nextFault(Fault.RATE_LIMITED);

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> message(TO).create(client))
                .satisfies(thrown -> assertThat(thrown.getCode()).isEqualTo(20429));
        assertThat(twilio.messages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "1000,1", "1001,2"})
    void retry_after_is_in_whole_seconds(long millis, String seconds) throws IOException, InterruptedException {
        twilio.nextFault(Fault.RATE_LIMITED);
        twilio.nextFault(Fault.RATE_LIMITED_WITH_RETRY_AFTER, Duration.ofMillis(millis));

        assertThat(post(form()).headers().firstValue("retry-after")).isEmpty();
        var answer = post(form());
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains(seconds);
    }

    @Test
    void a_quota_and_a_refusal_in_text_are_not_processed() throws IOException, InterruptedException {
        twilio.nextFault(Fault.QUOTA);
        twilio.nextFault(Fault.REFUSED_IN_TEXT);

        var quota = post(form());
        assertThat(quota.statusCode()).isEqualTo(429);
        assertThat(quota.body()).contains("\"code\":63038");
        var refused = post(form());
        assertThat(refused.statusCode()).isEqualTo(451);
        assertThat(refused.body()).isEqualTo("Unavailable for legal reasons");
        assertThat(twilio.messages()).isEmpty();
    }

    @Test
    void connections_are_refused_for_a_time() {
        twilio.nextFault(Fault.CONNECTION_REFUSED, Duration.ofSeconds(2));

        assertThatThrownBy(() -> post(form())).isInstanceOf(ConnectException.class);
        await("a message that is taken").until(this::isTaken);
        assertThat(twilio.messages()).hasSize(1);
    }

    private boolean isTaken() throws InterruptedException {
        try {
            return post(form()).statusCode() == 201;
        } catch (IOException stillClosed) {
            return false;
        }
    }

    @Test
    void by_rate_connections_are_refused_after_the_answer() throws IOException, InterruptedException {
        twilio.useFaultRates(new FaultRates(0, Map.of(Fault.CONNECTION_REFUSED, 1.0)));

        assertThat(post(form()).statusCode()).isEqualTo(201);
        // Each message taken in the meantime closes it again.
        await("a closed port")
                .untilAsserted(() -> assertThatThrownBy(() -> post(form())).isInstanceOf(ConnectException.class));
        await("the callback delivered").until(() -> receiver.statuses().contains("delivered"));
    }

    @Test
    void a_closed_port_stays_closed_after_the_end() {
        twilio.refuseConnections(Duration.ofMillis(100));
        twilio.close();

        await("a port that stays closed").during(Duration.ofMillis(300)).until(this::isRefused);
    }

    @Test
    void a_message_cannot_be_read_for_a_time_but_is_listed() {
        twilio.nextFault(Fault.READ_NOT_FOUND, Duration.ofSeconds(2));
        var sent = message(TO).create(client);

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> read(sent.getSid()))
                .satisfies(thrown -> assertThat(thrown.getCode()).isEqualTo(20404));
        assertThat(Message.reader().read(client)).hasSize(1);
        await("a message that can be read")
                .ignoreException(ApiException.class)
                .untilAsserted(() -> assertThat(read(sent.getSid()).getSid()).isEqualTo(sent.getSid()));
    }

    @ParameterizedTest
    @EnumSource
    void the_message_after_a_fault_is_as_usual(Fault fault) throws InterruptedException {
        twilio.nextFault(fault, Duration.ofMillis(1));
        try {
            post(form());
        } catch (IOException expectedOfSomeFaults) {
            assertThat(fault).isIn(Fault.HANG, Fault.ACCEPTED_THEN_CLOSED, Fault.CONNECTION_REFUSED);
        }
        await("a message that is taken").until(this::isTaken);

        var messages = twilio.messages();
        var last = messages.get(messages.size() - 1);
        assertThat(last.fault()).isEmpty();
        await("the message delivered").until(() -> last.status().equals("delivered"));
    }

    @Test
    void what_is_scripted_goes_first_then_what_was_asked_for_then_the_rates() throws IOException, InterruptedException {
        twilio.useFaultRates(new FaultRates(0, Map.of(Fault.RATE_LIMITED, 1.0)));
        twilio.nextFault(Fault.ACCEPTED_THEN_503);
        twilio.nextCallbacks(CallbackPlan.lost());
        twilio.nextAnswer(SimulatedAnswer.httpError(502, "text/plain", ""));

        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < 4; i++) {
            statuses.add(post(form()).statusCode());
        }
        assertThat(statuses).containsExactly(502, 201, 503, 429);
        assertThat(twilio.messages())
                .extracting(SimulatedMessage::fault)
                .containsExactly(Optional.empty(), Optional.of(Fault.ACCEPTED_THEN_503));
    }

    @Test
    void two_simulators_with_one_seed_misbehave_alike_over_http() {
        var faultRates = new FaultRates(11, Map.of(Fault.RATE_LIMITED, 0.3, Fault.CALLBACKS_DROPPED, 0.3));
        assertThat(codes(faultRates)).isEqualTo(codes(faultRates)).contains("201 -", "429", "201 CALLBACKS_DROPPED");
    }

    private List<String> codes(FaultRates faultRates) {
        var codes = new ArrayList<String>();
        var options = SimulatorOptions.of(new Account(ACCOUNT, TOKEN))
                .withCallbackDelay(Duration.ZERO)
                .withFaultRates(faultRates);
        try (var simulator = TwilioSimulator.start(options)) {
            var sender = RedirectedClient.to(simulator.baseUrl(), ACCOUNT, TOKEN, ACCOUNT);
            for (int i = 0; i < 20; i++) {
                try {
                    message(TO).create(sender);
                    var messages = simulator.messages();
                    codes.add("201 "
                            + messages.get(messages.size() - 1)
                                    .fault()
                                    .map(Fault::name)
                                    .orElse("-"));
                } catch (ApiException refused) {
                    codes.add(String.valueOf(refused.getStatusCode()));
                }
            }
        }
        return codes;
    }
}
