package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageSid;
import io.smstask.task.RecordStatus;
import io.smstask.task.Sms;
import io.smstask.testing.TaskStage;
import io.smstask.twilio.TwilioCredentials;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** poll-function's parts in memory. */
final class PollStage extends TaskStage<PollStage> {

    final Poll poll;

    /** What Twilio says when it is asked for the message. */
    MessageReader.Look look = new MessageReader.Look.Unreadable();

    /** How often Twilio was asked for a message. */
    int looks;

    private PollStage(Optional<String> secretId) {
        super(secretId);
        poll = new Poll(
                store, store, new RecordStatus(store, clock), tellSubscribers, stack, new Twilio(), failures, clock);
    }

    /** A task that its caller's own token sends: nobody here can ask Twilio for its message. */
    static PollStage withTask() {
        PollStage stage = new PollStage(Optional.empty());
        stage.claim(TASK, BASE, stage.key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return stage;
    }

    /** A task that the stack's own credentials send. */
    static PollStage withTaskOfTheStack(String secretJson) {
        PollStage stage = new PollStage(Optional.of(SECRET_ID));
        stage.secretBecomes(secretJson);
        stage.claim(TASK, BASE, stage.key.hash());
        return stage;
    }

    @Override
    protected PollStage self() {
        return this;
    }

    /** The parts as the handler takes them. */
    PollWiring wiring() {
        return new PollWiring(poll, failures, clock);
    }

    private final class Twilio implements MessageReader {

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
