package io.smstask.local.console;

import io.smstask.task.CallFailure;
import io.smstask.task.HistoryEntry;
import io.smstask.task.Node;
import io.smstask.task.Source;
import io.smstask.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The nodes of the two processes, as drawn. */
enum DiagramNode {
    /** The start of every task. */
    START,
    /** {@link Node#CALLING_API}. */
    CALLING_API,
    /** Whether Twilio's answer had a sid and a status. */
    IS_STATUS_RECEIVED,
    /** From here on, the task can be found by its sid. */
    COPY_TASK,
    /** {@link Node#WAITING_FOR_CALLBACK}. */
    WAITING,
    /** Waiting callers are notified. */
    RETURN_STATUS,
    /** {@link Node#FINAL}, the green end. */
    FINAL,
    /** Red: Twilio answered with an error. */
    TWILIO_ERROR,
    /** Red: Twilio could not be called, or its answer could not be read. */
    CALL_ERROR,
    /** Red: the answer had no status. */
    EMPTY_STATUS,
    /** Red: Twilio took the message, but it did not arrive. */
    NOT_DELIVERED,
    /** Second process: Twilio posts a status. */
    CALLBACK,
    /** Second process: no callback came, so Twilio is asked. */
    POLL,
    /** Second process: the status is read. */
    STATUS,
    /** Second process: the task in the first one is changed. */
    MODIFY_TASK;

    /** The nodes that a task has passed, in order, each once; the last one is where it is now. */
    static List<DiagramNode> path(Task task) {
        Set<DiagramNode> path = new LinkedHashSet<>(List.of(START, CALLING_API));
        for (HistoryEntry entry : task.history()) {
            boolean isAnswer = entry.source() == Source.SEND && entry.status().isPresent();
            if (isAnswer) {
                path.addAll(List.of(IS_STATUS_RECEIVED, COPY_TASK, WAITING));
            } else if (entry.source() == Source.CALLBACK) {
                path.addAll(List.of(CALLBACK, STATUS, MODIFY_TASK));
            } else if (entry.source() == Source.POLL && entry.status().isPresent()) {
                path.addAll(List.of(POLL, STATUS, MODIFY_TASK));
            } else if (entry.code().isPresent()) {
                path.addAll(exit(entry.code().get(), false));
            }
        }
        List<DiagramNode> end = end(task);
        end.forEach(path::remove);
        path.addAll(end);
        return List.copyOf(path);
    }

    private static List<DiagramNode> end(Task task) {
        return switch (task.node()) {
            case CALLING_API -> List.of(CALLING_API);
            case WAITING_FOR_CALLBACK -> List.of(WAITING);
            case FINAL -> List.of(WAITING, RETURN_STATUS, FINAL);
            case ESCALATION ->
                exit(
                        task.escalation().map(escalation -> escalation.code()).orElse(""),
                        task.sid().isPresent());
        };
    }

    private static List<DiagramNode> exit(String code, boolean isTaken) {
        CallFailure failure = CallFailure.of(code).orElse(null);
        if (failure == CallFailure.STATUS_MISSING) {
            return List.of(IS_STATUS_RECEIVED, EMPTY_STATUS);
        }
        if (isTaken || failure == CallFailure.STATUS_TIMEOUT) {
            return List.of(WAITING, NOT_DELIVERED);
        }
        return List.of(failure == null ? TWILIO_ERROR : CALL_ERROR);
    }

    /** The names of {@link #path}, for JSON. */
    static List<String> names(List<DiagramNode> path) {
        List<String> names = new ArrayList<>();
        path.forEach(node -> names.add(node.name()));
        return names;
    }
}
