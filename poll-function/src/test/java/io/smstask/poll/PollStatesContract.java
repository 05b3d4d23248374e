package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.poll.PollStates.Sent;
import io.smstask.task.AccountSid;
import io.smstask.testing.HandClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What dispatcher and workers rely on. The states in memory and the real ones pass it. */
abstract class PollStatesContract {

    static final AccountSid ACCOUNT = new AccountSid(PollFixture.ACCOUNT);
    private static final AccountSid OTHER = new AccountSid("AC00000000000000000000000000000002");
    private static final Duration REST = Duration.ofMinutes(15);

    final HandClock clock = new HandClock();
    PollStates states;

    /** States of which none is stored yet. */
    abstract PollStates noStates(Clock byClock);

    @BeforeEach
    void open() {
        states = noStates(clock);
    }

    @Test
    void what_nobody_has_stored_is_not_there() {
        states.resume(ACCOUNT);

        assertThat(states.restsUntil(ACCOUNT)).isEmpty();
        assertThat(states.sent()).isEmpty();
    }

    @Test
    void an_account_rests_and_no_other() {
        states.rest(ACCOUNT, in(REST));

        assertThat(states.restsUntil(ACCOUNT)).contains(in(REST));
        assertThat(states.restsUntil(OTHER)).isEmpty();
    }

    @Test
    void the_longer_of_two_rests_holds() {
        states.rest(ACCOUNT, in(REST));
        states.rest(ACCOUNT, in(REST.minusMillis(1)));
        assertThat(states.restsUntil(ACCOUNT)).contains(in(REST));

        states.rest(ACCOUNT, in(REST.plusMillis(1)));
        assertThat(states.restsUntil(ACCOUNT)).contains(in(REST.plusMillis(1)));
    }

    @Test
    void a_rest_goes_on_until_an_answer_comes_after_it() {
        states.rest(ACCOUNT, in(REST));
        Instant until = in(REST);
        clock.move(REST.minusMillis(1));
        states.resume(ACCOUNT);
        assertThat(states.restsUntil(ACCOUNT)).contains(until);

        clock.move(Duration.ofMillis(1));
        assertThat(states.restsUntil(ACCOUNT)).contains(until);
        states.resume(ACCOUNT);
        assertThat(states.restsUntil(ACCOUNT)).isEmpty();
    }

    @Test
    void an_account_may_rest_again() {
        states.rest(ACCOUNT, in(REST));
        clock.move(REST);
        states.resume(ACCOUNT);

        states.rest(ACCOUNT, in(Looks.LONGEST_LIMIT));

        assertThat(states.restsUntil(ACCOUNT)).contains(in(Looks.LONGEST_LIMIT));
    }

    @Test
    void what_was_sent_replaces_what_was_sent_before() {
        Sent first = new Sent(clock.instant(), 12_000);
        states.sent(List.of(first));
        assertThat(states.sent()).containsExactly(first);

        clock.move(Duration.ofMinutes(1));
        Sent second = new Sent(clock.instant(), 1);
        states.sent(List.of(first, second));
        assertThat(states.sent()).containsExactly(first, second);

        states.sent(List.of());
        assertThat(states.sent()).isEmpty();
    }

    @Test
    void what_was_sent_by_a_clock_that_is_ahead_does_not_count() {
        Sent sent = new Sent(clock.instant(), 7);

        states.sent(List.of(sent, new Sent(in(Duration.ofMillis(1)), 12_000)));

        assertThat(states.sent()).containsExactly(sent);
    }

    final Instant in(Duration time) {
        return clock.instant().plus(time);
    }
}
