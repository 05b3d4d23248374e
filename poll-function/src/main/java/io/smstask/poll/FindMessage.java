package io.smstask.poll;

import io.smstask.poll.MessageReader.Listing;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.ListedMessage;
import io.smstask.task.Match;
import io.smstask.task.MessageSid;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.UnreadableTask;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the message of a task with an unknown outcome in Twilio's list. There must be exactly one that fits the task and
 * that neither is nor may be another task's.
 *
 * @see Match
 */
final class FindMessage {

    /** If more tasks than this went to the recipient within half an hour, there is no match. */
    static final int MOST_NEIGHBOURS = 25;

    /** If more messages than this fit the task, there is no match. */
    static final int MOST_MESSAGES = 10;

    private final TaskStore store;
    private final TaskIndex index;
    private final MessageReader messages;

    FindMessage(TaskStore store, TaskIndex index, MessageReader messages) {
        this.store = store;
        this.index = index;
        this.messages = messages;
    }

    /** The message, as if it had been read by its sid, if exactly one matches. */
    Look find(Task task, TwilioCredentials credentials) {
        Listing listing = messages.list(task.sms(), Match.earliest(task), credentials);
        return listing.look(
                messages -> theOne(task, messages)
                        .<Look>map(found -> new Look.Seen(TwilioMessage.of(found)))
                        .orElse(new Look.NoMatch()),
                next -> new Look.Unreadable());
    }

    private Optional<ListedMessage> theOne(Task task, List<ListedMessage> listed) {
        List<ListedMessage> fitting = new ArrayList<>();
        for (ListedMessage message : listed) {
            if (Match.fits(task, message)) {
                fitting.add(message);
            }
        }
        if (fitting.size() > MOST_MESSAGES) {
            return Optional.empty();
        }
        fitting.removeIf(message -> isOwned(message.sid()));
        return fitting.size() == 1 && !mayBeOfAnother(task, fitting.get(0))
                ? Optional.of(fitting.get(0))
                : Optional.empty();
    }

    private boolean isOwned(MessageSid sid) {
        return index.bySid(sid).isPresent();
    }

    private boolean mayBeOfAnother(Task task, ListedMessage message) {
        List<TaskId> neighbours = index.neighbours(
                Match.key(task.sms()), Match.firstDeadline(message), Match.lastDeadline(message), MOST_NEIGHBOURS + 1);
        if (neighbours.size() > MOST_NEIGHBOURS) {
            return true;
        }
        for (TaskId id : neighbours) {
            if (!id.equals(task.id()) && mayBeOf(id, message)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayBeOf(TaskId other, ListedMessage message) {
        try {
            return store.find(other)
                    .filter(task -> Match.mayBeOf(task, message))
                    .isPresent();
        } catch (UnreadableTask e) {
            // An unreadable task may have sent the message.
            return true;
        }
    }
}
