package io.smstask.send;

import io.smstask.lambda.Wire;
import io.smstask.task.AuthToken;
import io.smstask.task.TaskId;
import java.util.Map;
import java.util.Optional;

/**
 * A caller's request to cancel a task.
 *
 * @param authToken the caller's own; empty if the stack's credentials are to be used
 */
record CancelCommand(TaskId id, Optional<AuthToken> authToken) {

    /**
     * Reads the parameters beside the task's id.
     *
     * @throws InvalidTask if there is any other than {@code AuthToken}, or that is no text
     */
    static CancelCommand read(TaskId id, Map<String, Object> parameters) {
        for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
            boolean isToken = parameter.getKey().equals(Wire.AUTH_TOKEN);
            if (!isToken) {
                throw new InvalidTask("(body)", "may hold AuthToken only");
            }
            if (!(parameter.getValue() instanceof String text) || text.isBlank() || !isVisible(text)) {
                throw new InvalidTask(Wire.AUTH_TOKEN, "must be a text of visible characters");
            }
        }
        return new CancelCommand(
                id,
                parameters.get(Wire.AUTH_TOKEN) instanceof String text
                        ? Optional.of(new AuthToken(text))
                        : Optional.empty());
    }

    /** It goes into a header. */
    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** The task only. */
    @Override
    public String toString() {
        return "CancelCommand[" + id + "]";
    }
}
