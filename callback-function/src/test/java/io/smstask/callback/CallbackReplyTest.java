package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.lambda.Level;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CallbackReplyTest {

    @ParameterizedTest
    @EnumSource
    void an_outage_and_what_takes_a_valid_key_are_warnings(CallbackReply reply) {
        boolean isWarning = switch (reply) {
            case FORGED, UNSIGNED, OTHER_ACCOUNT, OTHER_SID, UNAVAILABLE -> true;
            case APPLIED, NOTED, ERASED, NOT_PARSABLE, NO_SUCH_TASK, TOO_LARGE, NOT_A_FORM -> false;
        };

        assertThat(reply.level()).isEqualTo(isWarning ? Level.WARN : Level.INFO);
    }
}
