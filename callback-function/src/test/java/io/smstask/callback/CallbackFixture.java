package io.smstask.callback;

import io.smstask.lambda.HttpRequest;
import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.RecordStatus;
import io.smstask.task.Task;
import io.smstask.testing.TaskFixture;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** callback-function's parts in memory. */
final class CallbackFixture extends TaskFixture<CallbackFixture> {

    final StatusCallbacks statusCallbacks;

    private CallbackFixture(Optional<String> secretId) {
        super(secretId);
        statusCallbacks = new StatusCallbacks(asUsed, new RecordStatus(asUsed, clock), tellSubscribers, stack, clock);
    }

    /** With a task that is sent with its caller's own token. The item holds the token, sealed. */
    static CallbackFixture withTask() {
        return withTask(BASE);
    }

    /** As above, but claimed when the callback API had this base URL. */
    static CallbackFixture withTask(String base) {
        CallbackFixture fixture = new CallbackFixture(Optional.empty());
        fixture.claim(base, fixture.key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return fixture;
    }

    /** With a task whose caller gave this token for signatures, besides the one that sends. */
    static CallbackFixture withTaskSignedAlsoWith(String signingToken) {
        CallbackFixture fixture = new CallbackFixture(Optional.empty());
        fixture.claim(
                BASE, fixture.key.seal(new AuthToken(TOKEN), new AuthToken(signingToken), TASK, new SecureRandom()));
        return fixture;
    }

    /** With a task that is sent with the stack's own credentials. The item holds a hash of the key. */
    static CallbackFixture withTaskOfTheStack(String secretJson) {
        CallbackFixture fixture = new CallbackFixture(Optional.of(SECRET_ID));
        fixture.secretBecomes(secretJson);
        fixture.claim(BASE, fixture.key.hash());
        return fixture;
    }

    @Override
    protected CallbackFixture self() {
        return this;
    }

    /** The parts for the handler. */
    CallbackWiring wiring() {
        return new CallbackWiring(
                statusCallbacks,
                new Log.Function(Settings.from(Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s")), clock),
                failures,
                List.of());
    }

    /** As poll-function does when the task is past its due time. */
    CallbackFixture ended() {
        Task task = stored();
        store.undisturbed().replace(task, task.ended(clock.instant()));
        tellSubscribers.tell(stored(), clock.instant().plusSeconds(2));
        return this;
    }

    CallbackReply receive(SampleCallback callback) {
        return receive(callback.request());
    }

    CallbackReply receive(HttpRequest request) {
        return result(request).reply();
    }

    CallbackResult result(HttpRequest request) {
        return new CallbackHandler(wiring()).receive(request);
    }

    boolean hasTask() {
        return store.undisturbed().find(TASK).isPresent();
    }

    /** The history's notes, oldest first; an empty text for an entry without one. */
    List<String> notes() {
        return stored().history().stream().map(entry -> entry.note().orElse("")).toList();
    }

    private void claim(String base, CallbackProof proof) {
        claim(TASK, base, proof);
    }
}
