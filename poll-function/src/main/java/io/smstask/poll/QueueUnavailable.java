package io.smstask.poll;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;

/** The queue did not answer, or refused. */
final class QueueUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    QueueUnavailable(AwsError error) {
        super("the queue did not do what it was asked: " + error.name(), new AwsFailure("SQS", error));
    }
}
