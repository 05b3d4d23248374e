package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.twilio.TwilioMessage;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KnownEndsTest {

    private static final AccountSid ACCOUNT = new AccountSid(PollFixture.ACCOUNT);
    private static final AccountSid OTHER = new AccountSid("AC00000000000000000000000000000002");

    private final KnownEnds known = new KnownEnds();

    @Test
    void an_end_is_taken_once_and_for_its_account_only() {
        TwilioMessage message = message(1, "undelivered");
        known.keep(ACCOUNT, message);

        assertThat(known.take(OTHER, Set.of(message.sid()))).isEmpty();
        assertThat(known.take(ACCOUNT, Set.of(message.sid(), message(2, "sent").sid())))
                .containsOnlyKeys(message.sid())
                .containsValue(message);
        assertThat(known.take(ACCOUNT, Set.of(message.sid()))).isEmpty();
    }

    @Test
    void what_may_still_change_is_not_kept() {
        TwilioMessage message = message(1, "sent");
        known.keep(ACCOUNT, message);

        assertThat(known.take(ACCOUNT, Set.of(message.sid()))).isEmpty();
    }

    @Test
    void the_oldest_make_room() {
        for (int i = 0; i <= KnownEnds.MOST; i++) {
            known.keep(ACCOUNT, message(i, "delivered"));
        }

        assertThat(known.take(
                        ACCOUNT,
                        Set.of(message(0, "sent").sid(), message(1, "sent").sid())))
                .containsOnlyKeys(message(1, "sent").sid());
    }

    private static TwilioMessage message(int number, String status) {
        return new TwilioMessage(
                new MessageSid(String.format("SM%032x", number)),
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1));
    }
}
