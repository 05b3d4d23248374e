package io.smstask.task;

/**
 * The token of an execution that waits for a task: its holder can resume the execution with any outcome. It prints as
 * {@code ***}.
 *
 * @see
 *     <a href="https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token">AWS: wait for a callback with the task token</a>
 */
public final class TaskToken {

    private final String token;

    /**
     * @throws IllegalArgumentException if the token is empty
     */
    public TaskToken(String token) {
        if (token.isEmpty()) {
            throw new IllegalArgumentException("a task token must not be empty");
        }
        this.token = token;
    }

    /** The token in clear: for the item and Step Functions only. */
    public String reveal() {
        return token;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TaskToken that && token.equals(that.token);
    }

    @Override
    public int hashCode() {
        return token.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
