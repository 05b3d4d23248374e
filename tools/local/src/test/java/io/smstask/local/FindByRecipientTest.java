package io.smstask.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smstask.aws.AwsClients;
import io.smstask.aws.SdkClients;
import io.smstask.http.Tls;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Sms;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The command in docs/api.md that finds a recipient's tasks, on the local table. */
final class FindByRecipientTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");

    @Test
    void the_documented_command_finds_the_tasks_of_a_recipient_and_no_erased_one() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "a shell with sha256sum");
        String docs = Files.readString(Path.of("../../docs/api.md"));
        String key = run(lines(docs, "ACCOUNT=", "DIGITS=", "KEY=") + "echo $KEY");
        Matcher condition = Pattern.compile("--index-name (\\S+) .*\\n.*--key-condition-expression \"([^\"]+)\"")
                .matcher(docs);
        assertThat(condition.find()).isTrue();
        try (LocalStack stack = LocalStack.start(LocalOptions.forTests(line -> {}), Template.read(Template.find()))) {
            Settings settings = Settings.from(stack.awsEnvironment());
            TaskStore store = new DynamoTaskStore(
                    new AwsClients(settings, new Tls(), Clock.systemUTC()).dynamoDb(),
                    LocalStack.TABLE,
                    Duration.ofDays(30),
                    LIMIT);
            claim(store, "one", "+15558675310");
            Task erased = claim(store, "erased", "(555) 867-5310");
            claim(store, "other", "+15558675311");
            Task failed = store.replace(
                            erased,
                            erased.escalated(new Escalation.CallError(CallFailure.REFUSED, "No."), erased.createdAt()))
                    .stored()
                    .orElseThrow();
            store.replace(failed, failed.erased(failed.createdAt()));

            try (DynamoDbClient dynamoDb = SdkClients.dynamoDb(settings, LIMIT)) {
                assertThat(dynamoDb.query(query -> query.tableName(LocalStack.TABLE)
                                        .indexName(condition.group(1))
                                        .keyConditionExpression(condition.group(2))
                                        .expressionAttributeValues(Map.of(":key", AttributeValue.fromS(key))))
                                .items())
                        .extracting(item -> item.get("task_id").s())
                        .containsExactly("one");
            }
        }
    }

    private static Task claim(TaskStore store, String id, String to) {
        Sms sms = new Sms(
                new AccountSid("AC00000000000000000000000000000001"),
                new PhoneNumber(to),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        Claim claim =
                new Claim("claim-of-" + id, 1, NOW, "https://callbacks.example.com", new CallbackProof.KeyHash("hash"));
        return store.claim(Task.claimed(new TaskId(id), sms, claim, NOW, NOW)).task();
    }

    private static String lines(String docs, String... beginnings) {
        StringBuilder lines = new StringBuilder();
        for (String beginning : List.of(beginnings)) {
            lines.append(docs.lines()
                            .map(String::strip)
                            .filter(line -> line.startsWith(beginning))
                            .findFirst()
                            .orElseThrow())
                    .append('\n');
        }
        return lines.toString();
    }

    private static String run(String script) throws IOException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", script).start();
        return new String(shell.getInputStream().readAllBytes(), UTF_8).strip();
    }
}
