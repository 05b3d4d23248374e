package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Valid values for tests; a test changes the one part that it is about. */
public final class Samples {

    public static final Instant NOW = Instant.parse("2026-11-24T09:00:00.120Z");
    public static final TaskId TASK_ID = new TaskId("order-4711");
    public static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    public static final MessageSid SID = new MessageSid("SM00000000000000000000000000000001");
    public static final MessageSid OTHER_SID = new MessageSid("MM00000000000000000000000000000002");
    public static final AuthToken TOKEN = new AuthToken("0123456789abcdef0123456789abcdef");
    public static final String CONTEXT = "{\"order\":4711,\"price\":1.50,\"tags\":[\"a\",null]}";

    private Samples() {}

    public static Sms sms() {
        return new Sms(
                ACCOUNT,
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("Your order is on its way. ✓")),
                Map.of(
                        "MediaUrl", List.of("https://example.com/1.png", "https://example.com/2.png"),
                        "ValidityPeriod", List.of("3600")));
    }

    public static Claim claim(String id, int attempt) {
        return new Claim(
                id,
                attempt,
                NOW.plusSeconds(25),
                "https://callbacks.example.com",
                new CallbackProof.KeyHash("hash-of-" + id));
    }

    /** A task in its first attempt. */
    public static Task task() {
        return claimedBy("claim-1");
    }

    /** A task in its first attempt, held by this claim. */
    public static Task claimedBy(String claimId) {
        return Task.claimed(TASK_ID, sms(), claim(claimId, 1), NOW, NOW.plus(Duration.ofHours(24)))
                .withContext(CONTEXT);
    }

    /** The task with this sid and status, in the status's node. */
    public static Task withStatus(String status) {
        return reported(status).appliedTo(task());
    }

    /** The task with a history of this many entries that hold no status. */
    public static Task withHistory(Task task, int entries) {
        HistoryEntry entry =
                new HistoryEntry(NOW, Source.SEND, Optional.empty(), Optional.of("connect_failed"), Optional.empty());
        return task.standing(task.standing(), task.updatedAt(), History.of(Collections.nCopies(entries, entry)));
    }

    /** A callback with this status, a second after the task was made. */
    public static StatusReport reported(String status) {
        return reportedFor(SID, status);
    }

    public static StatusReport reportedFor(MessageSid sid, String status) {
        return new StatusReport(
                sid,
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Source.CALLBACK,
                NOW.plusSeconds(1));
    }

    public static StatusReport reportedWithCode(String status, String errorCode) {
        return new StatusReport(
                SID,
                new MessageStatus(status),
                Optional.of(errorCode),
                Optional.empty(),
                Optional.empty(),
                Source.CALLBACK,
                NOW.plusSeconds(1));
    }

    public static Escalation.CallError callError(CallFailure failure) {
        return new Escalation.CallError(failure, "The call failed.");
    }
}
