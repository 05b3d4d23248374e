package io.smstask.callback;

import io.smstask.callback.StatusCallbacks.Received;
import io.smstask.lambda.HttpRequest;
import io.smstask.start.Priming;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.RecordStatus;
import io.smstask.task.Task;
import io.smstask.testing.TaskStage;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** callback-function's parts in memory. */
final class CallbackStage extends TaskStage<CallbackStage> {

    final StatusCallbacks statusCallbacks;

    private CallbackStage(Optional<String> secretId) {
        super(secretId);
        statusCallbacks = new StatusCallbacks(store, new RecordStatus(store, clock), tellSubscribers, stack, clock);
    }

    /** A task that its caller's own token sends: the item holds the token, sealed. */
    static CallbackStage withTask() {
        return withTask(BASE);
    }

    /** The same, claimed when the callback API was reached under this base. */
    static CallbackStage withTask(String base) {
        CallbackStage stage = new CallbackStage(Optional.empty());
        stage.claim(base, stage.key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return stage;
    }

    /** A task whose caller brought this token for signatures beside the one that sends. */
    static CallbackStage withTaskSignedAlsoWith(String signingToken) {
        CallbackStage stage = new CallbackStage(Optional.empty());
        stage.claim(BASE, stage.key.seal(new AuthToken(TOKEN), new AuthToken(signingToken), TASK, new SecureRandom()));
        return stage;
    }

    /** A task that the stack's own credentials send: the item holds a hash of the key. */
    static CallbackStage withTaskOfTheStack(String secretJson) {
        CallbackStage stage = new CallbackStage(Optional.of(SECRET_ID));
        stage.secretBecomes(secretJson);
        stage.claim(BASE, stage.key.hash());
        return stage;
    }

    @Override
    protected CallbackStage self() {
        return this;
    }

    /** The parts as the handler takes them. */
    CallbackWiring wiring() {
        return new CallbackWiring(statusCallbacks, failures, Priming.NONE);
    }

    /** The task's time is over, and poll-function ends it. */
    CallbackStage ended() {
        Task task = stored();
        store.undisturbed().replace(task, task.ended(clock.instant()));
        tellSubscribers.tell(stored(), clock.instant().plusSeconds(2));
        return this;
    }

    Receipt receive(ACallback callback) {
        return receive(callback.request());
    }

    Receipt receive(HttpRequest request) {
        return received(request).receipt();
    }

    Received received(HttpRequest request) {
        return statusCallbacks.receive(request);
    }

    boolean hasTask() {
        return store.undisturbed().find(TASK).isPresent();
    }

    /** The notes in the history, oldest first; an empty text where an entry has none. */
    List<String> notes() {
        return stored().history().stream().map(entry -> entry.note().orElse("")).toList();
    }

    private void claim(String base, CallbackProof proof) {
        claim(TASK, base, proof);
    }
}
