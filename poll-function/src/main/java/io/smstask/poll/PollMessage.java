package io.smstask.poll;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Wire;
import io.smstask.task.AccountSid;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A message of the queue: one task that is leased.
 *
 * @param account empty if the item does not show it
 * @param pollAt the end of the lease; the message is void once the task shows another time
 */
record PollMessage(TaskId id, Optional<AccountSid> account, Instant pollAt) {

    private static final String POLL_AT = "poll_at";

    /** A fair queue gives each group its turn. */
    String group() {
        return account.isPresent() ? account.get().value() : "unknown";
    }

    /** Moves the task's poll to another time, if it still stands where this lease has put it. */
    TaskStore.Rescheduled reschedule(TaskStore store, Instant to) {
        return store.reschedule(id, BigDecimal.valueOf(pollAt.toEpochMilli()), to);
    }

    /** The message's body. */
    String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(Wire.TASK_ID, id.value());
        if (account.isPresent()) {
            fields.put(Wire.ACCOUNT_SID, account.get().value());
        }
        fields.put(POLL_AT, pollAt.toEpochMilli());
        return Json.writeText(fields);
    }

    /**
     * Reads a message's body.
     *
     * @throws BadJson if it is not one that {@link #json} has written
     */
    static PollMessage parse(String body) throws BadJson {
        Map<String, Object> fields = Json.parseObject(body);
        String id = Json.text(fields, Wire.TASK_ID).orElse("");
        Optional<String> account = Json.text(fields, Wire.ACCOUNT_SID);
        if (!TaskId.isValid(id)
                || account.isPresent() && !AccountSid.isValid(account.get())
                || !(fields.get(POLL_AT) instanceof Number pollAt)) {
            throw new BadJson("expected task_id, AccountSid and poll_at");
        }
        return new PollMessage(new TaskId(id), account.map(AccountSid::new), Instant.ofEpochMilli(pollAt.longValue()));
    }
}
