package io.smstask.send;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import java.util.ArrayList;
import java.util.List;

/** A queue that keeps what it is given. */
final class FakeSendQueue implements SendQueue {

    final List<QueuedCall> putBack = new ArrayList<>();
    final List<DeadLetter> deadLetters = new ArrayList<>();
    private boolean isDown;

    record DeadLetter(String body, String code, String problems) {}

    void isDown(boolean down) {
        isDown = down;
    }

    @Override
    public void putBack(QueuedCall call) {
        check();
        putBack.add(call);
    }

    @Override
    public void deadLetter(String body, String code, String problems) {
        check();
        deadLetters.add(new DeadLetter(body, code, problems));
    }

    private void check() {
        if (isDown) {
            throw new AwsFailure("SQS SendMessage", new AwsError("ServiceUnavailable", 503));
        }
    }
}
