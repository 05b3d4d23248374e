package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smstask.local.LocalStack;
import io.smstask.local.template.Template;
import io.smstask.poll.PollHandler;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskIndex;
import io.smstask.twilio.CallbackUrl;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** template.yaml, the settings and the code say the same. */
class TemplateAgreesWithCodeTest {

    private static final Map<String, String> VALUES = Map.of(
            "TasksTable", "tasks",
            "PollQueue", "https://sqs.eu-central-1.amazonaws.com/123456789012/poll",
            "SendQueue", "https://sqs.eu-central-1.amazonaws.com/123456789012/calls",
            "SendDeadLetters", "https://sqs.eu-central-1.amazonaws.com/123456789012/dead",
            "CallbackApi.ApiEndpoint", "https://callbacks.example.com",
            "TwilioSecretId", "smstask/twilio",
            "DynamoDbUrl", "http://127.0.0.1:8083");

    private final Template template = Template.read(Template.find()).with(LocalStack.WITH_SEND_QUEUE);

    @Test
    void every_setting_in_the_template_is_one_that_the_code_reads() throws IllegalAccessException {
        List<String> names = new ArrayList<>();
        for (Field field : Settings.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                field.setAccessible(true);
                names.add((String) field.get(null));
            }
        }
        names.add("JAVA_TOOL_OPTIONS");
        names.add("AWS_ENDPOINT_URL_DYNAMODB");
        for (Template.Function function : template.functions(VALUES)) {
            assertThat(names)
                    .as(function.logicalId())
                    .containsAll(function.environment().keySet());
        }
    }

    @Test
    void each_function_gets_the_settings_that_it_needs() {
        Template.Function send = function(LocalStack.SEND_FUNCTION);
        Template.Function callback = function(LocalStack.CALLBACK_FUNCTION);
        Template.Function poll = function(LocalStack.POLL_FUNCTION);

        assertThat(Settings.from(onLambda(send), Settings.TASKS_TABLE, Settings.CALLBACK_BASE_URL))
                .isNotNull();
        assertThat(send.environment())
                .containsKeys(Settings.SEND_QUEUE_URL, Settings.SEND_DEAD_LETTERS_URL)
                .containsKeys(Settings.SEND_QUEUE_RETRIES, Settings.RETRY_DELAY_SECONDS)
                .containsKeys(Settings.TASK_TTL_DAYS, Settings.WAIT_HOURS, Settings.TWILIO_API_URL);
        assertThat(Settings.from(onLambda(callback), Settings.TASKS_TABLE)).isNotNull();
        assertThat(callback.environment()).doesNotContainKeys(Settings.CALLBACK_BASE_URL, Settings.TWILIO_API_URL);
        assertThat(Settings.from(onLambda(poll), Settings.TASKS_TABLE, Settings.POLL_QUEUE_URL))
                .isNotNull();
        assertThat(poll.environment())
                .containsKey(Settings.TWILIO_API_URL)
                .doesNotContainKey(Settings.CALLBACK_BASE_URL);
    }

    @Test
    void each_handler_is_a_class_with_lambdas_constructor() throws ReflectiveOperationException {
        for (Template.Function function : template.functions(VALUES)) {
            Class<?> handler = Class.forName(function.handlerClass());
            assertThat(Modifier.isPublic(handler.getConstructor().getModifiers()))
                    .isTrue();
        }
    }

    @Test
    void the_table_has_the_keys_and_the_index_that_the_store_uses() {
        Template.Table table = template.table(LocalStack.TABLE);

        assertThat(table.key().partition()).isEqualTo("task_id");
        assertThat(table.ttl()).hasValue("expires_at");
        assertThat(table.indexes())
                .containsExactly(
                        new Template.Index(
                                DynamoTaskIndex.SID_INDEX,
                                new Template.Key("sid", Optional.empty()),
                                "KEYS_ONLY",
                                List.of()),
                        new Template.Index(
                                "poll-index",
                                new Template.Key("poll_shard", Optional.of("poll_at")),
                                "KEYS_ONLY",
                                List.of()),
                        new Template.Index(
                                DynamoTaskIndex.MATCH_INDEX,
                                new Template.Key("match_key", Optional.of("call_deadline")),
                                "KEYS_ONLY",
                                List.of()));
    }

    @Test
    void the_callback_route_is_the_url_that_twilio_is_given() {
        assertThat(template.routes())
                .filteredOn(route -> !route.iam())
                .singleElement()
                .satisfies(route -> {
                    assertThat(route.path()).isEqualTo(CallbackUrl.PATH + "{callback_key}/{task_id}");
                    assertThat(route.method()).isEqualTo("POST");
                    assertThat(route.function()).isEqualTo(LocalStack.CALLBACK_FUNCTION);
                });
    }

    @Test
    void only_the_schedule_and_the_queue_call_the_poll() {
        assertThat(template.routes()).extracting(Template.Route::function).doesNotContain(LocalStack.POLL_FUNCTION);
        assertThat(template.schedules())
                .containsExactly(
                        new Template.Schedule(LocalStack.POLL_FUNCTION, Duration.ofMinutes(1), "{\"poll\": true}"));
        assertThat(template.queueSources())
                .filteredOn(source -> source.function().equals(LocalStack.POLL_FUNCTION))
                .extracting(Template.QueueSource::queue, Template.QueueSource::partial)
                .containsExactly(tuple(LocalStack.POLL_QUEUE, true));
    }

    @Test
    void without_the_parameter_there_is_no_queue_of_calls_and_no_right_to_one() throws IOException {
        Template usual = Template.read(Template.find());
        Map<String, String> values = new HashMap<>(VALUES);
        values.keySet().removeAll(List.of("SendQueue", "SendDeadLetters"));

        assertThat(usual.queues()).extracting(Template.Queue::logicalId).noneMatch(name -> name.startsWith("Send"));
        assertThat(usual.queueSources())
                .extracting(Template.QueueSource::function)
                .doesNotContain(LocalStack.SEND_FUNCTION);
        assertThat(usual.function(LocalStack.SEND_FUNCTION, values).environment())
                .doesNotContainKeys(Settings.SEND_QUEUE_URL, Settings.SEND_DEAD_LETTERS_URL);
        assertThat(List.of(resource("SendFunction").split("- !If\n")))
                .filteredOn(statement -> statement.contains("sqs:"))
                .hasSize(2)
                .allSatisfy(statement -> assertThat(statement).startsWith("              - HasSendQueue\n"));
    }

    @Test
    void one_call_of_the_queue_has_all_of_the_functions_time() {
        assertThat(template.queueSources())
                .filteredOn(source -> source.function().equals(LocalStack.SEND_FUNCTION))
                .singleElement()
                .satisfies(source -> {
                    assertThat(source.queue()).isEqualTo(LocalStack.SEND_QUEUE);
                    assertThat(source.batchSize()).isOne();
                    assertThat(source.partial()).isTrue();
                });
        Template.Queue queue = queue(LocalStack.SEND_QUEUE);
        assertThat(function(LocalStack.SEND_FUNCTION).timeout().multipliedBy(6))
                .isLessThanOrEqualTo(
                        Duration.ofSeconds(Long.parseLong(queue.attributes().get("VisibilityTimeout"))));
        assertThat(queue.redrive().map(Template.Redrive::queue)).contains(LocalStack.SEND_DEAD_LETTERS);
    }

    @Test
    void a_batch_is_over_before_its_messages_come_again() {
        Template.Queue queue = queue(LocalStack.POLL_QUEUE);
        long visibility = Long.parseLong(queue.attributes().get("VisibilityTimeout"));

        assertThat(function(LocalStack.POLL_FUNCTION).timeout().multipliedBy(6))
                .isLessThanOrEqualTo(Duration.ofSeconds(visibility));
        assertThat(PollHandler.LEASE)
                .as("the task is not dispatched again while the queue hands it over")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(visibility).multipliedBy(PollHandler.MOST_RECEIVES));
        assertThat(queue.redrive())
                .contains(new Template.Redrive(LocalStack.POLL_DEAD_LETTERS, PollHandler.MOST_RECEIVES));
    }

    @Test
    void each_queue_is_closed_to_connections_without_tls() throws IOException {
        String text = Files.readString(Template.find());
        for (Template.Queue queue : template.queues()) {
            assertThat(text).contains("Queues: [!Ref " + queue.logicalId() + "]");
            assertThat(resource(queue.logicalId() + "OverTls"))
                    .contains(
                            "Effect: Deny",
                            "Principal: \"*\"",
                            "!GetAtt " + queue.logicalId() + ".Arn",
                            "aws:SecureTransport");
        }
    }

    @Test
    void the_public_function_reads_and_writes_single_tasks_only() throws IOException {
        String callback = resource("CallbackFunction");

        assertThat(callback).contains("Action: [dynamodb:GetItem, dynamodb:UpdateItem]");
        assertThat(callback).doesNotContain("dynamodb:Query", "/index/", "dynamodb:PutItem");
        assertThat(resource("PollFunction")).contains("dynamodb:Query").doesNotContain("dynamodb:PutItem");
    }

    private static String resource(String logicalId) throws IOException {
        String text = Files.readString(Template.find());
        int start = text.indexOf("\n  " + logicalId + ":\n");
        return text.substring(start, text.indexOf("\n\n", start));
    }

    @Test
    void the_function_ends_before_the_gateway_hangs_up() {
        assertThat(function(LocalStack.SEND_FUNCTION).timeout()).isEqualTo(Duration.ofSeconds(28));
    }

    @Test
    void the_policies_name_every_operation_that_the_store_uses() throws IOException {
        String text = Files.readString(Template.find());
        Path store = Path.of("..", "..", "shared", "src", "main", "java", "io", "smstask", "store");
        String code = Files.readString(store.resolve("DynamoTaskStore.java"));

        Stream.of("PutItem", "UpdateItem", "GetItem").forEach(operation -> {
            assertThat(code).contains("\"" + operation + "\"");
            assertThat(text).contains("dynamodb:" + operation);
        });
        assertThat(Files.readString(store.resolve("DynamoTaskIndex.java"))).contains("dynamoDb.query(");
        assertThat(text).contains("dynamodb:Query");
    }

    /** With a default answer of No, `sam deploy --guided` asks about an API that says nothing of authentication. */
    @Test
    void the_guided_deploy_asks_of_no_api_whether_it_may_be_open() throws IOException {
        List<String> apis = Stream.of(Files.readString(Template.find()).split("\n\n"))
                .filter(resource -> resource.contains("Type: AWS::Serverless::HttpApi"))
                .toList();

        assertThat(apis)
                .hasSize(2)
                .allSatisfy(api -> assertThat(api).contains("\n      Auth:\n        EnableIamAuthorizer: "));
    }

    @Test
    void incident_29_both_doors_have_brakes_and_there_is_no_third() throws IOException {
        String text = Files.readString(Template.find());

        for (String api : List.of("TasksApi", "CallbackApi")) {
            assertThat(resource(api)).contains("ThrottlingRateLimit: !Ref ", "ThrottlingBurstLimit: !Ref ");
        }
        assertThat(text).doesNotContain("FunctionUrlConfig", "AWS::Lambda::Url", "AWS::Lambda::Permission");
        assertThat(template.parameters()).containsKeys("TasksRate", "TasksBurst", "CallbackRate", "CallbackBurst");
    }

    /** The template's environment, and the key that Lambda adds to it. */
    private static Map<String, String> onLambda(Template.Function function) {
        Map<String, String> environment = new HashMap<>(function.environment());
        environment.putAll(Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret"));
        return environment;
    }

    private Template.Queue queue(String logicalId) {
        return template.queues().stream()
                .filter(one -> one.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow();
    }

    private Template.Function function(String logicalId) {
        return template.function(logicalId, VALUES);
    }
}
