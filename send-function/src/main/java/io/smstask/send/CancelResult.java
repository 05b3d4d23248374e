package io.smstask.send;

import io.smstask.task.Escalation;
import io.smstask.task.Task;

/** How a call to cancel a task ended. */
sealed interface CancelResult {

    /** The word for it in the log. */
    String event();

    /** Handles each case. */
    <T> T match(Cases<T> cases);

    /** One method for each case: a forgotten case does not compile. */
    interface Cases<T> {

        /** It is cancelled. */
        T done(Done done);

        /** It cannot be cancelled, or not yet. */
        T refused(Refused refused);

        /** Twilio did not say. */
        T noAnswer(NoAnswer noAnswer);

        /** There is no such task. */
        T notFound();
    }

    /** The task is cancelled, by this call or before it. */
    record Done(Task task) implements CancelResult {

        @Override
        public String event() {
            return "canceled";
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.done(this);
        }
    }

    /** It cannot be cancelled: it has ended, Twilio has sent it, or it has no sid yet. */
    record Refused(Task task) implements CancelResult {

        @Override
        public String event() {
            return "cancel_refused";
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.refused(this);
        }
    }

    /**
     * Whether it is cancelled is unknown: the call may be repeated.
     *
     * @param error Twilio's, without secrets
     */
    record NoAnswer(Task task, Escalation error) implements CancelResult {

        @Override
        public String event() {
            return "cancel_no_answer";
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.noAnswer(this);
        }
    }

    /** There is no such task. */
    record NotFound() implements CancelResult {

        @Override
        public String event() {
            return "cancel_not_found";
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.notFound();
        }
    }
}
