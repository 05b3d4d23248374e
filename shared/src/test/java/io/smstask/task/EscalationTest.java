package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The red exits, as they come back from where they were stored. */
final class EscalationTest {

    private static final Optional<String> PAGE = Optional.of("https://www.twilio.com/docs/errors/30003");

    @ParameterizedTest
    @EnumSource(CallFailure.class)
    void a_code_of_ours_is_a_call_error(CallFailure failure) {
        for (boolean hasSid : new boolean[] {true, false}) {
            assertThat(Escalation.restore(failure.code(), "m", PAGE, Retryable.UNKNOWN, hasSid))
                    .isEqualTo(new Escalation.CallError(failure, "m", PAGE, Retryable.UNKNOWN));
        }
    }

    @Test
    void a_code_of_twilios_is_about_the_delivery_once_there_is_a_sid() {
        assertThat(Escalation.restore("30003", "m", PAGE, Retryable.NO, true))
                .isEqualTo(new Escalation.DeliveryError("30003", "m", PAGE));
    }

    @Test
    void a_code_of_twilios_is_its_refusal_where_there_is_no_sid() {
        assertThat(Escalation.restore("20429", "m", PAGE, Retryable.YES, false))
                .isEqualTo(new Escalation.TwilioError("20429", "m", PAGE, Retryable.YES));
    }
}
