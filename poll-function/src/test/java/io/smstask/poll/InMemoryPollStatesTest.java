package io.smstask.poll;

import java.time.Clock;

final class InMemoryPollStatesTest extends PollStatesContract {

    @Override
    PollStates noStates(Clock byClock) {
        return new PollFixture.FakeStates(byClock);
    }
}
