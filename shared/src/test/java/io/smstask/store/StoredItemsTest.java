package io.smstask.store;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.TOKEN;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.claim;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.reportedWithCode;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.aws.AwsJson;
import io.smstask.json.Json;
import io.smstask.task.AuthToken;
import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.HistoryEntry;
import io.smstask.task.Match;
import io.smstask.task.MessageStatus;
import io.smstask.task.PhoneNumber;
import io.smstask.task.RecipientCounter;
import io.smstask.task.Retryable;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import io.smstask.twilio.CallbackKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Items as each released version has stored them: docs/adr/0047. Beside each item is what every later version reads in it. The
 * files of a released version never change; {@code -Ditems.write=v0.2} writes those of a new one.
 */
final class StoredItemsTest {

    /** The folder of the version that this code writes. */
    private static final String VERSION = "v0.1";

    private static final Path FOLDER = Path.of("src", "test", "resources", "items");
    private static final Duration PATIENT = Duration.ofMinutes(2);
    private static final String CALLBACKS = "https://callbacks.example.com";
    private static final CallbackKey KEY =
            CallbackKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").orElseThrow();
    private static final AuthToken OTHER_TOKEN = new AuthToken("fedcba9876543210fedcba9876543210");
    private static final TaskToken EXECUTION = new TaskToken("AAAAKgAAAAIAAAAA-execution-1");
    private static final TaskToken OTHER_EXECUTION = new TaskToken("AAAAKgAAAAIAAAAA-execution-2");

    private static final String RECIPIENT = "0123456789abcdef";

    private static EmbeddedDynamoDb dynamoDb;

    private AwsJson calls;
    private String table;
    private TaskStore store;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = EmbeddedDynamoDb.start();
    }

    @AfterAll
    static void stop() throws Exception {
        dynamoDb.stop();
    }

    @BeforeEach
    void create() {
        table = dynamoDb.createTable();
        calls = EmbeddedDynamoDb.client(dynamoDb.url());
        store = EmbeddedDynamoDb.store(dynamoDb.url(), table, PATIENT);
    }

    /** How a task comes to be as one of the files has it. */
    private enum Stored {
        CLAIMED,
        ACCEPTED,
        DELIVERED_AND_TOLD,
        REFUSED,
        RUNNABLE,
        A_FURTHER_ATTEMPT,
        UNDELIVERED,
        UNKNOWN_WITHOUT_SID,
        OWN_CREDENTIALS,
        SCHEDULED,
        EXECUTIONS_WAIT,
        ENDED_AND_NOT_TOLD,
        WITHOUT_TEXTS,
        ERASED,
        GONE,
        CANCELED,
        CLOSED,
        UNCONFIRMED;

        private String file() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private void in(StoredItemsTest test) {
            switch (this) {
                case CLAIMED -> test.claimed(task());
                case ACCEPTED -> test.sent("accepted");
                case DELIVERED_AND_TOLD -> {
                    Task told = test.claimed(task().with(wanted()));
                    Task ended = test.replaced(told, reported("delivered").appliedTo(told));
                    test.replaced(ended, ended.told(new Subscribers(List.of(), Subscribers.Event.PUT), at(3)));
                }
                case REFUSED ->
                    test.escalated(new Escalation.TwilioError(
                            "21211",
                            "The recipient's number is not a valid number, or it is the sender's own.",
                            Optional.of("https://www.twilio.com/docs/errors/21211"),
                            Retryable.NO));
                case RUNNABLE -> test.escalated(callError(CallFailure.CONNECT_FAILED));
                case A_FURTHER_ATTEMPT -> {
                    Task failed = test.escalated(callError(CallFailure.CONNECT_FAILED));
                    test.store.claimAgain(failed, failed.claimedAgain(claim("claim-2", 2), at(60), at(60 + 86_400)));
                }
                case UNDELIVERED -> {
                    Task sent = test.sent("sent");
                    test.replaced(sent, reportedWithCode("undelivered", "30005").appliedTo(sent));
                }
                case UNKNOWN_WITHOUT_SID -> {
                    Task claimed = test.claimed(task());
                    test.replaced(claimed, claimed.withUnknownOutcome(at(60)));
                }
                case OWN_CREDENTIALS -> {
                    Claim sealed =
                            new Claim("claim-1", 1, at(25), CALLBACKS, KEY.seal(TOKEN, OTHER_TOKEN, TASK_ID, zeros()));
                    Task claimed = test.claimed(Task.claimed(TASK_ID, task().sms(), sealed, NOW, task().dueAt()));
                    test.replaced(claimed, answered("queued").appliedTo(claimed));
                }
                case SCHEDULED -> {
                    Sms sms = new Sms(
                            task().sms().account(),
                            task().sms().to(),
                            Optional.empty(),
                            task().sms().body(),
                            Map.of(
                                    "MessagingServiceSid", List.of("MG00000000000000000000000000000001"),
                                    "ScheduleType", List.of("fixed"),
                                    "SendAt", List.of("2026-11-30T09:00:00Z")));
                    Task claimed = test.claimed(Task.claimed(
                            TASK_ID, sms, claim("claim-1", 1), NOW, Instant.parse("2026-12-01T09:00:00Z")));
                    test.replaced(claimed, answered("scheduled").appliedTo(claimed));
                }
                case EXECUTIONS_WAIT -> {
                    test.sent("queued");
                    dynamoDb.register(test.table, TASK_ID, EXECUTION);
                    dynamoDb.register(test.table, TASK_ID, OTHER_EXECUTION);
                }
                case ENDED_AND_NOT_TOLD -> {
                    Task claimed = test.claimed(task().with(wanted()));
                    dynamoDb.register(test.table, TASK_ID, EXECUTION);
                    Task waiting = test.store.find(claimed.id()).orElseThrow();
                    test.replaced(waiting, reported("delivered").appliedTo(waiting));
                }
                case WITHOUT_TEXTS -> {
                    Task sent = test.sent("sent");
                    test.replaced(sent, reported("delivered").appliedTo(sent).withoutTextsIfDone());
                }
                case ERASED -> {
                    Task sent = test.sent("sent");
                    Task failed = test.replaced(
                            sent, reportedWithCode("failed", "30003").appliedTo(sent));
                    test.replaced(failed, failed.erased(at(90)));
                }
                case GONE -> {
                    Task sent = test.sent("sent");
                    test.replaced(sent, sent.gone(at(1200)));
                }
                case CANCELED -> {
                    Task sent = test.sent("accepted");
                    StatusReport canceled = new StatusReport(
                            SID,
                            new MessageStatus("canceled"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Source.CANCEL,
                            at(30));
                    test.replaced(sent, canceled.appliedTo(sent));
                }
                case CLOSED -> {
                    Task failed = test.escalated(callError(CallFailure.CONNECT_FAILED));
                    test.replaced(failed, failed.canceled(at(30)));
                }
                case UNCONFIRMED -> {
                    Task sent = test.sent("sent");
                    test.replaced(sent, sent.ended(at(86_400)));
                }
            }
        }
    }

    private Task claimed(Task task) {
        return store.claim(task).task();
    }

    private Task sent(String status) {
        Task claimed = claimed(task());
        return replaced(claimed, answered(status).appliedTo(claimed));
    }

    private Task escalated(Escalation escalation) {
        Task claimed = claimed(task());
        return replaced(claimed, claimed.escalated(escalation, at(1)));
    }

    private Task replaced(Task seen, Task next) {
        return store.replace(seen, next).stored().orElseThrow();
    }

    private static StatusReport answered(String status) {
        return new StatusReport(
                SID, new MessageStatus(status), Optional.empty(), Optional.empty(), Optional.of(1), Source.SEND, at(1));
    }

    private static Instant at(long seconds) {
        return NOW.plusSeconds(seconds);
    }

    private static Subscribers wanted() {
        return new Subscribers(List.of(), Subscribers.Event.WANTED);
    }

    /** No randomness, so that the sealed token is the same each time. */
    private static SecureRandom zeros() {
        return new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {}
        };
    }

    static Stream<String> versions() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
        }
    }

    static Stream<Path> items() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> Files.isRegularFile(file.resolveSibling(textOf(file))))
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static String textOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.json$", ".txt");
    }

    @ParameterizedTest
    @MethodSource("items")
    void each_version_s_items_are_read_for_good(Path file) throws Exception {
        assertThat(shown(Items.task(Json.parseObject(Files.readString(file)))))
                .containsAll(Files.readAllLines(file.resolveSibling(textOf(file))));
    }

    /** Otherwise the same call would be a conflict after an upgrade, and no unknown outcome would find its neighbours. */
    @ParameterizedTest
    @MethodSource("items")
    void the_same_call_and_the_same_recipient_are_still_recognised(Path file) throws Exception {
        Map<String, Object> item = Json.parseObject(Files.readString(file));
        Task task = Items.task(item);

        if (!task.isErased()) {
            assertThat(Items.text(Match.key(task.sms()))).isEqualTo(item.get(Attributes.MATCH_KEY));
        }
        if (task.sms().body().isPresent()) {
            assertThat(task.fingerprint().isOf(task.sms())).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_caller_s_sealed_tokens_are_opened_by_the_key_from_the_callback_url(String version) throws Exception {
        Task task = Items.task(item(version, "own-credentials"));

        assertThat(KEY.matches(task.claim().proof().key())).isTrue();
        assertThat(KEY.unseal((CallbackProof.SealedToken) task.claim().proof(), TASK_ID))
                .containsExactly(TOKEN, OTHER_TOKEN);
    }

    /** A later version may add attributes; whoever does not know them leaves them alone. */
    @ParameterizedTest
    @MethodSource("items")
    void a_changed_task_keeps_what_this_version_does_not_know(Path file) throws Exception {
        Map<String, Object> item = Json.parseObject(Files.readString(file));
        item.put("from_a_later_version", Map.of("M", Map.of("kept", Map.of("BOOL", true))));
        put(item);
        Task seen = store.find(TASK_ID).orElseThrow();
        Task changed = reported("read").appliedTo(seen).polledAt(at(7777));

        replaced(seen, changed);

        Map<String, Object> expected = new HashMap<>(item);
        Map<String, Object> before = Items.item(seen);
        Map<String, Object> after = Items.item(changed);
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(expected::remove);
        after.forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                expected.put(name, value);
            }
        });
        expected.put(Attributes.REVISION, Items.number(seen.revision() + 1));
        assertThat(stored(TASK_ID.value())).isEqualTo(expected);
        assertThat(store.find(TASK_ID)).contains(changed.writtenOver(seen));
    }

    @ParameterizedTest
    @EnumSource
    void this_code_stores_all_that_the_files_of_its_version_have(Stored scenario) throws Exception {
        scenario.in(this);
        Map<String, Object> made = stored(TASK_ID.value());

        writeIfAsked(scenario.file() + ".json", lines(made));
        writeIfAsked(
                scenario.file() + ".txt",
                String.join("\n", shown(store.find(TASK_ID).orElseThrow())) + "\n");
        assertThat(made).containsAllEntriesOf(item(VERSION, scenario.file()));
    }

    @Test
    void each_file_of_this_version_is_made_by_a_test() throws IOException {
        List<String> made = new ArrayList<>();
        for (Stored scenario : Stored.values()) {
            made.add(scenario.file() + ".json");
        }

        assertThat(items().filter(file -> file.getParent().endsWith(VERSION)))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrderElementsOf(made);
    }

    /** Not a task: the places that one recipient's messages have taken. */
    @ParameterizedTest
    @MethodSource("versions")
    void each_version_s_counter_of_a_recipient_is_read_for_good(String version) throws Exception {
        RecipientCounter counter = new DynamoRecipientCounter(calls, table, PATIENT);

        put(item(version, "recipient-counter"));

        assertThat(counter.takePlace(RECIPIENT, "claim-1", 1, at(3600))).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "claim-2", 1, at(3600))).isFalse();
    }

    @Test
    void this_code_stores_all_that_its_version_s_counter_has() throws Exception {
        new DynamoRecipientCounter(calls, table, PATIENT).takePlace(RECIPIENT, "claim-1", 1, at(3600));
        Map<String, Object> made = stored(DynamoRecipientCounter.PREFIX + RECIPIENT);

        writeIfAsked("recipient-counter.json", lines(made));
        assertThat(made).containsAllEntriesOf(item(VERSION, "recipient-counter"));
    }

    private static Map<String, Object> item(String version, String name) throws Exception {
        return Json.parseObject(Files.readString(FOLDER.resolve(version).resolve(name + ".json")));
    }

    private void put(Map<String, Object> item) {
        assertThat(calls.call("DynamoDB_20120810.PutItem", "1.0", Map.of("TableName", table, "Item", item), PATIENT)
                        .isOk())
                .isTrue();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> stored(String key) {
        Map<String, Object> request =
                Map.of("TableName", table, "Key", Map.of("task_id", Items.text(key)), "ConsistentRead", true);
        return (Map<String, Object>) calls.call("DynamoDB_20120810.GetItem", "1.0", request, PATIENT)
                .json()
                .get("Item");
    }

    /** Only files that are not there: those of a released version stay. */
    private static void writeIfAsked(String name, String content) throws IOException {
        String version = System.getProperty("items.write", "");
        Path file = FOLDER.resolve(version).resolve(name);
        if (!version.isEmpty() && Files.notExists(file)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        }
    }

    /** One line for each attribute, in the order of their names. */
    private static String lines(Map<String, Object> item) {
        List<String> lines = new ArrayList<>();
        sorted(item).forEach((name, value) -> {
            String member = Json.writeText(Map.of(name, value));
            lines.add("  " + member.substring(1, member.length() - 1));
        });
        return "{\n" + String.join(",\n", lines) + "\n}\n";
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((name, value) ->
                sorted.put(name.toString(), value instanceof Map<?, ?> inner ? sorted(inner) : value));
        return sorted;
    }

    /** A task in words, one line for each thing; what it does not have has no line. */
    private static List<String> shown(Task task) {
        List<String> lines = new ArrayList<>();
        lines.add("task " + task.id().value() + ", revision " + task.revision() + (task.isErased() ? ", erased" : ""));
        lines.add("account " + task.sms().account().value());
        if (!task.isErased()) {
            lines.add("to " + task.sms().to().value());
            lines.add("claim attempt " + task.claim().attempt() + ", until "
                    + task.claim().callDeadline());
            lines.add("callbacks " + task.claim().callbackBase());
            lines.add("created " + task.createdAt());
        }
        task.sms().from().map(PhoneNumber::value).ifPresent(from -> lines.add("from " + from));
        task.sms().body().ifPresent(body -> lines.add("body " + body.value()));
        task.bodyLength().ifPresent(length -> lines.add("body length " + length));
        new TreeMap<>(task.sms().further()).forEach((name, values) -> lines.add("further " + name + " " + values));
        task.context().ifPresent(context -> lines.add("context " + context));
        lines.add("salt " + task.fingerprint().salt());
        lines.add("fingerprint " + task.fingerprint().hash());
        lines.add("claim " + task.claim().id());
        lines.add("key hash " + task.claim().proof().key().text());
        lines.add(
                task.claim().proof() instanceof CallbackProof.SealedToken sealed
                        ? "sealed token " + sealed.text()
                        : "credentials of the stack");
        lines.add("node " + task.node().label() + (task.isGivenUp() ? ", given up" : ""));
        task.sid().ifPresent(sid -> lines.add("sid " + sid.value()));
        task.status().ifPresent(status -> lines.add("status " + status.word()));
        task.numSegments().ifPresent(segments -> lines.add("segments " + segments));
        task.escalation().ifPresent(red -> {
            lines.add("code " + red.code() + ", retryable " + red.retryable().word());
            lines.add("message " + red.message());
            red.urlMoreInfo().ifPresent(url -> lines.add("url " + url));
        });
        lines.add("updated " + task.updatedAt());
        lines.add("due " + task.dueAt());
        lines.add(task.pollAt()
                .map(at -> "poll " + task.pollKind().word() + " " + at)
                .orElse("done"));
        lines.add("event " + task.subscribers().event());
        task.subscribers().tokens().forEach(token -> lines.add("execution " + token.reveal()));
        for (HistoryEntry entry : task.history()) {
            lines.add("history " + entry.at() + " " + entry.source().word()
                    + entry.status().map(status -> " " + status).orElse("")
                    + entry.code().map(code -> " " + code).orElse("")
                    + entry.note().map(note -> " " + note).orElse(""));
        }
        return lines;
    }
}
