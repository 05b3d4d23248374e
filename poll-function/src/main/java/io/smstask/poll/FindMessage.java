package io.smstask.poll;

import io.smstask.poll.MessageReader.Listing;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.ListedMessage;
import io.smstask.task.Match;
import io.smstask.task.MessageSid;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.UnreadableTask;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.time.Clock;
import java.time.Instant;
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
    private final Clock clock;

    FindMessage(TaskStore store, TaskIndex index, MessageReader messages, Clock clock) {
        this.store = store;
        this.index = index;
        this.messages = messages;
        this.clock = clock;
    }

    /**
     * The message, as if it had been read by its sid, if exactly one matches.
     *
     * @param lastCall no call of the store is begun later
     * @throws StoreUnavailable if the store does not answer in time
     */
    Look find(Task task, Instant lastCall, TwilioCredentials credentials) {
        Listing listing = messages.list(task.sms(), Match.earliest(task), credentials);
        return listing.look(
                messages -> new Search(task, lastCall)
                        .theOne(messages)
                        .<Look>map(found -> new Look.Seen(TwilioMessage.of(found)))
                        .orElse(new Look.NoMatch()),
                next -> new Look.Unreadable());
    }

    private final class Search {

        private final Task task;
        private final Instant lastCall;

        Search(Task task, Instant lastCall) {
            this.task = task;
            this.lastCall = lastCall;
        }

        Optional<ListedMessage> theOne(List<ListedMessage> listed) {
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
            return fitting.size() == 1 && !mayBeOfAnother(fitting.get(0))
                    ? Optional.of(fitting.get(0))
                    : Optional.empty();
        }

        private boolean isOwned(MessageSid sid) {
            checkTime();
            return index.bySid(sid).isPresent();
        }

        private boolean mayBeOfAnother(ListedMessage message) {
            checkTime();
            List<TaskId> neighbours = index.neighbours(
                    Match.key(task.sms()),
                    Match.firstDeadline(message),
                    Match.lastDeadline(message),
                    MOST_NEIGHBOURS + 1);
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
            checkTime();
            try {
                return store.find(other)
                        .filter(stored -> Match.mayBeOf(stored, message))
                        .isPresent();
            } catch (UnreadableTask e) {
                // An unreadable task may have sent the message.
                return true;
            }
        }

        private void checkTime() {
            if (clock.instant().isAfter(lastCall)) {
                throw new StoreUnavailable("the store was too slow to tell whose message it is");
            }
        }
    }
}
