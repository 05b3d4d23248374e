package io.smstask.lambda;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What others did not do while an event was worked on, counted by what AWS said: what fails forever leaves one line for each
 * callback and each run of the poll, and not one for each of its tasks.
 */
public final class FailureCounts {

    private final Map<Failure, Integer> counts = new LinkedHashMap<>();

    private record Failure(String event, Optional<AwsError> aws, Optional<SecretFault> secret) {}

    /**
     * Counts a refusal, or no answer.
     *
     * @param event the word for it in the log
     */
    public void add(String event, AwsError aws) {
        add(new Failure(event, Optional.of(aws), Optional.empty()));
    }

    /** The same of what was thrown. */
    public void add(String event, RuntimeException thrown) {
        add(new Failure(event, AwsFailure.in(thrown), CredentialsUnavailable.faultIn(thrown)));
    }

    private synchronized void add(Failure failure) {
        counts.merge(failure, 1, Integer::sum);
    }

    /** Writes what has been counted, and begins anew. */
    public synchronized void write(Log log) {
        for (Map.Entry<Failure, Integer> counted : counts.entrySet()) {
            Failure failure = counted.getKey();
            Log.Line line = log.event(failure.event());
            if (failure.aws().isPresent()) {
                line.aws(failure.aws().get());
            }
            if (failure.secret().isPresent()) {
                line.secret(failure.secret().get());
            }
            line.count(counted.getValue()).write();
        }
        counts.clear();
    }
}
