package io.smstask.lambda;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.task.Misconfigured;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts failed calls by their cause while an event is handled. So a lasting failure leaves one line per callback or run of
 * the poll, not one per task.
 */
public final class FailureCounts {

    private final Map<Failure, Integer> counts = new LinkedHashMap<>();

    private record Failure(String event, Optional<AwsError> aws, Optional<SecretFault> secret) {}

    /**
     * Counts a refused or unanswered call.
     *
     * @param event the word for it in the log
     */
    public void add(String event, AwsError aws) {
        add(new Failure(event, Optional.of(aws), Optional.empty()));
    }

    /** Counts what was thrown. */
    public void add(String event, RuntimeException thrown) {
        add(new Failure(event, AwsFailure.in(thrown), CredentialsUnavailable.faultIn(thrown)));
    }

    private synchronized void add(Failure failure) {
        counts.put(failure, counts.getOrDefault(failure, 0) + 1);
    }

    /** Logs the counts and resets them. What somebody has to correct is an error. */
    public synchronized void write(Log log) {
        for (Map.Entry<Failure, Integer> counted : counts.entrySet()) {
            Failure failure = counted.getKey();
            Level level = failure.event().equals(Misconfigured.CODE) ? Level.ERROR : Level.WARN;
            Log.Line line = log.event(level, failure.event());
            Optional<Metric> metric = Metric.ofOutage(failure.event());
            if (failure.aws().isPresent()) {
                line.aws(failure.aws().get());
            }
            if (failure.secret().isPresent()) {
                line.secret(failure.secret().get());
            }
            if (metric.isPresent()) {
                line.metric(metric.get(), counted.getValue());
            }
            line.count(counted.getValue()).write();
        }
        counts.clear();
    }
}
