package io.smstask.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of JSON per event that matters. It accepts ids, statuses, codes, classes of errors and AWS's names; it has
 * no method for a number, a text, a token or a message of Twilio's.
 */
public final class Log {

    private final LambdaLogger logger;

    /** Writes to the function's log. */
    public Log(LambdaLogger logger) {
        this.logger = logger;
    }

    /** A log whose lines go nowhere, for an event that nobody has sent. */
    public static Log silent() {
        return new Log(new LambdaLogger() {
            @Override
            public void log(String message) {
                // Nothing has happened.
            }

            @Override
            public void log(byte[] message) {
                // Nothing has happened.
            }
        });
    }

    /** Starts a line; {@link Line#write()} ends it. */
    public Line event(String event) {
        return new Line(event);
    }

    /** A line under construction. */
    public final class Line {

        private final Map<String, Object> fields = new LinkedHashMap<>();

        private Line(String event) {
            fields.put("event", event);
        }

        /** Names the task. */
        public Line task(TaskId id) {
            fields.put(Wire.TASK_ID, id.value());
            return this;
        }

        /** Names the task and says where it stands. */
        public Line task(Task task) {
            fields.put(Wire.TASK_ID, task.id().value());
            fields.put(Wire.NODE, task.node().label());
            if (task.sid().isPresent()) {
                sid(task.sid().get());
            }
            if (task.status().isPresent()) {
                status(task.status().get());
            }
            if (task.escalation().isPresent()) {
                fields.put(Wire.CODE, task.escalation().get().code());
            }
            return this;
        }

        /** Names the account. */
        public Line account(AccountSid sid) {
            fields.put(Wire.ACCOUNT_SID, sid.value());
            return this;
        }

        /** Names the message. */
        public Line sid(MessageSid sid) {
            fields.put(Wire.SID, sid.value());
            return this;
        }

        /** Twilio's status; an unknown word is logged as {@code unknown}, since it could be anything. */
        public Line status(MessageStatus status) {
            fields.put(Wire.STATUS, status.isKnown() ? status.word() : "unknown");
            return this;
        }

        /** The HTTP status of our answer. */
        public Line answer(int httpStatus) {
            fields.put("answer", httpStatus);
            return this;
        }

        /**
         * The classes of the error and its cause, and the AWS error or the secret's fault behind it, if any. Messages
         * may quote input, so they stay out.
         */
        public Line error(Throwable error) {
            fields.put("error", error.getClass().getName());
            if (error.getCause() != null) {
                fields.put("cause", error.getCause().getClass().getName());
            }
            Optional<AwsError> aws = AwsFailure.in(error);
            if (aws.isPresent()) {
                aws(aws.get());
            }
            Optional<SecretFault> secret = CredentialsUnavailable.faultIn(error);
            if (secret.isPresent()) {
                secret(secret.get());
            }
            return this;
        }

        /** The AWS error's name, and the HTTP status if there was an answer. */
        public Line aws(AwsError error) {
            fields.put("aws_error", error.name());
            if (error.httpStatus() != 0) {
                fields.put("aws_status", error.httpStatus());
            }
            return this;
        }

        /** What is wrong with the secret. */
        public Line secret(SecretFault fault) {
            fields.put("secret", fault.word());
            return this;
        }

        /** How often it happened. */
        public Line count(int count) {
            fields.put("count", count);
            return this;
        }

        /** A number with a name of ours. */
        public Line figure(String name, long number) {
            fields.put(name, number);
            return this;
        }

        /** Why it happened, in a word of ours. */
        public Line reason(String word) {
            fields.put("reason", word);
            return this;
        }

        /** Writes the line. */
        public void write() {
            logger.log(Json.writeText(fields) + "\n");
        }
    }
}
