package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The red exits, as they are restored from the store. */
final class EscalationTest {

    private static final String URL = "https://www.twilio.com/docs/errors/30003";
    private static final Optional<String> PAGE = Optional.of(URL);

    @ParameterizedTest
    @EnumSource(value = CallFailure.class, names = "CANCELED", mode = EnumSource.Mode.EXCLUDE)
    void a_code_of_ours_is_a_call_error(CallFailure failure) {
        for (boolean hasSid : new boolean[] {true, false}) {
            assertThat(Escalation.restore(failure.code(), "m", URL, Retryable.UNKNOWN, hasSid))
                    .isEqualTo(new Escalation.CallError(failure, "m", PAGE, Retryable.UNKNOWN));
        }
    }

    @Test
    void what_was_cancelled_is_ours_without_a_sid_and_twilios_with_one() {
        assertThat(Escalation.restore("canceled", "m", "", Retryable.NO, false))
                .isEqualTo(new Escalation.CallError(CallFailure.CANCELED, "m"));
        assertThat(Escalation.restore("canceled", "m", "", Retryable.NO, true))
                .isEqualTo(new Escalation.DeliveryError("canceled", "m", Optional.empty()));
    }

    @Test
    void a_code_of_twilios_is_about_the_delivery_once_there_is_a_sid() {
        assertThat(Escalation.restore("30003", "m", URL, Retryable.NO, true))
                .isEqualTo(new Escalation.DeliveryError("30003", "m", PAGE));
    }

    /** The columns: code, whether there is a sid, retryable. The reason is never stored. */
    @ParameterizedTest
    @CsvSource({
        "21211,             false, no,      permanent",
        "99999,             false, no,      unknown",
        "20003,             false, yes,     account",
        "20006,             false, yes,     account",
        "20503,             false, yes,     capacity",
        "30450,             false, yes,     capacity",
        "21730,             false, yes,     temporary",
        "63038,             false, yes,     capacity",
        "99999,             false, yes,     capacity",
        "30003,             true,  no,      temporary",
        "99999,             true,  no,      unknown",
        "failed,            true,  no,      unknown",
        "canceled,          true,  no,      unknown",
        "refused,           false, no,      unknown",
        "refused,           false, yes,     account",
        "connect_failed,    false, yes,     temporary",
        "store_unavailable, false, yes,     ours",
        "timeout,           false, unknown, unknown",
        "server_error,      false, unknown, unknown",
        "status_timeout,    true,  unknown, unknown"
    })
    void the_reason_follows_from_what_is_stored(String code, boolean hasSid, String retryable, String reason) {
        Escalation escalation = Escalation.restore(code, "m", URL, Retryable.of(retryable), hasSid);

        assertThat(escalation.reason().word()).isEqualTo(reason);
    }

    @Test
    void a_code_of_twilios_is_its_refusal_where_there_is_no_sid() {
        assertThat(Escalation.restore("20429", "m", URL, Retryable.YES, false))
                .isEqualTo(new Escalation.TwilioError("20429", "m", PAGE, Retryable.YES));
    }
}
