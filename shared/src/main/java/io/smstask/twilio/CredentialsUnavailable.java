package io.smstask.twilio;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.task.Misconfigured;
import io.smstask.task.StoreUnavailable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stack's Twilio credentials could not be read, or are invalid. The message holds no secret. */
public final class CredentialsUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final @Nullable SecretFault fault;

    /** With what was expected, and what happened instead. */
    public CredentialsUnavailable(String message, Throwable cause) {
        super(message, cause);
        this.fault = null;
    }

    /** With what is wrong with the secret. */
    public CredentialsUnavailable(SecretFault fault) {
        super("the secret with Twilio's credentials: " + fault.word());
        this.fault = fault;
    }

    /** What is wrong with the secret, if that is the error or one of its causes. */
    public static Optional<SecretFault> faultIn(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CredentialsUnavailable unavailable) {
                return Optional.ofNullable(unavailable.fault);
            }
        }
        return Optional.empty();
    }

    /** The error for the caller of a task: an outage, or a misconfiguration. */
    public StoreUnavailable forCallers() {
        Optional<AwsError> aws = AwsFailure.in(this);
        return fault != null || aws.isPresent() && aws.get().isConfiguration()
                ? new Misconfigured("the stack's Twilio credentials cannot be used", this)
                : new StoreUnavailable("the stack's Twilio credentials could not be read", this);
    }
}
