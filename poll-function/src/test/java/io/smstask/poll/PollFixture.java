package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageSid;
import io.smstask.task.RecordStatus;
import io.smstask.task.Sms;
import io.smstask.testing.TaskFixture;
import io.smstask.twilio.TwilioCredentials;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** poll-function's parts in memory. */
final class PollFixture extends TaskFixture<PollFixture> {

    final Poll poll;

    /** What Twilio answers about the message. */
    MessageReader.Look look = new MessageReader.Look.Unreadable();

    /** How often Twilio was asked for a message. */
    int looks;

    private PollFixture(Optional<String> secretId) {
        super(secretId);
        poll = new Poll(
                store,
                store,
                new RecordStatus(store, clock),
                tellSubscribers,
                stack,
                new FakeMessage(),
                failures,
                clock);
    }

    /** With a task that is sent with its caller's own token, so poll-function cannot ask Twilio. */
    static PollFixture withTask() {
        PollFixture fixture = new PollFixture(Optional.empty());
        fixture.claim(TASK, BASE, fixture.key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return fixture;
    }

    /** With a task that is sent with the stack's own credentials. */
    static PollFixture withTaskOfTheStack(String secretJson) {
        PollFixture fixture = new PollFixture(Optional.of(SECRET_ID));
        fixture.secretBecomes(secretJson);
        fixture.claim(TASK, BASE, fixture.key.hash());
        return fixture;
    }

    @Override
    protected PollFixture self() {
        return this;
    }

    /** The parts for the handler. */
    PollWiring wiring() {
        return new PollWiring(poll, failures, clock);
    }

    private final class FakeMessage implements MessageReader {

        @Override
        public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
            looks++;
            assertThat(account.value()).isEqualTo(ACCOUNT);
            assertThat(sid.value()).isEqualTo(SID);
            assertThat(credentials.username()).isEqualTo(ACCOUNT);
            return look;
        }

        @Override
        public Listing list(Sms sms, Instant since, TwilioCredentials credentials) {
            assertThat(credentials.username()).isEqualTo(sms.account().value());
            return new Listing.Unreadable();
        }
    }
}
