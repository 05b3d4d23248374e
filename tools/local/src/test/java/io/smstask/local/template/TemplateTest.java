package io.smstask.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateTest {
    private static final String SMALL = """
            Parameters:
              Name: {Type: String, Default: ""}
              Size: {Type: Number, Default: 3}
              Must: {Type: String}
            Conditions:
              Named: !Not [!Equals [!Ref Name, ""]]
              Large: !Equals [!Ref Size, 9]
            Globals:
              Function:
                Runtime: java25
                Timeout: 7
                Environment:
                  Variables:
                    SHARED: from globals
                    REPLACED: from globals
            Resources:
              First:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: a.b.First::handleRequest
                  Environment:
                    Variables:
                      REPLACED: own
                      SIZE: !Ref Size
                      NAME: !If [Named, !Ref Name, !Ref AWS::NoValue]
                      LARGE: !If [Large, "yes", "no"]
                      URL: !GetAtt Api.ApiEndpoint
                  Events:
                    Open: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/open", Auth: {Authorizer: NONE}}}
                    Shut: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/shut"}}
                    Free: {Type: HttpApi, Properties: {ApiId: !Ref Free, Method: PUT, Path: "/free/{x}"}}
                    Tick: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 minute)}}
              Api:
                Type: AWS::Serverless::HttpApi
                Properties: {Auth: {EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM}}
              Free:
                Type: AWS::Serverless::HttpApi
              Things:
                Type: AWS::DynamoDB::Table
                Properties:
                  AttributeDefinitions:
                    - {AttributeName: id, AttributeType: S}
                    - {AttributeName: shard, AttributeType: N}
                  KeySchema: [{AttributeName: id, KeyType: HASH}]
                  GlobalSecondaryIndexes:
                    - IndexName: by-shard
                      KeySchema: [{AttributeName: shard, KeyType: HASH}, {AttributeName: id, KeyType: RANGE}]
                      Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [colour]}
            """;

    private static final String QUEUES = """
            Parameters:
              Most: {Type: Number, Default: 3}
            Resources:
              First:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    Letters: {Type: SQS, Properties: {Queue: !GetAtt Dead.Arn}}
                    Tick: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 minute)}}
              Mapping:
                Type: AWS::Lambda::EventSourceMapping
                Properties:
                  EventSourceArn: !GetAtt Work.Arn
                  FunctionName: !Ref First
                  BatchSize: 100
                  MaximumBatchingWindowInSeconds: 1
                  FunctionResponseTypes: [ReportBatchItemFailures]
                  ScalingConfig:
                    MaximumConcurrency: !Ref Most
              Work:
                Type: AWS::SQS::Queue
                Properties:
                  VisibilityTimeout: 360
                  MessageRetentionPeriod: 3600
                  SqsManagedSseEnabled: true
                  RedrivePolicy:
                    deadLetterTargetArn: !GetAtt Dead.Arn
                    maxReceiveCount: 5
              Dead:
                Type: AWS::SQS::Queue
            """;

    @Test
    void the_real_template_names_the_functions_with_their_environment() {
        var functions = real().functions(Map.of(
                "TasksTable",
                "tasks",
                "PollQueue",
                "http://127.0.0.1:2/queue",
                "CallbackApi.ApiEndpoint",
                "http://127.0.0.1:1"));

        assertThat(functions)
                .extracting(Template.Function::logicalId, Template.Function::handlerClass, Template.Function::timeout)
                .containsExactly(
                        tuple("SendFunction", "io.smstask.send.entry.SendEntry", Duration.ofSeconds(28)),
                        tuple("CallbackFunction", "io.smstask.callback.entry.CallbackEntry", Duration.ofSeconds(10)),
                        tuple("PollFunction", "io.smstask.poll.entry.PollEntry", Duration.ofSeconds(60)));
        assertThat(functions.get(0).environment())
                .containsEntry("TASKS_TABLE", "tasks")
                .containsEntry("CALLBACK_BASE_URL", "http://127.0.0.1:1")
                .containsEntry("TWILIO_API_URL", "https://api.twilio.com")
                .containsEntry("TASK_TTL_DAYS", "30")
                .containsEntry("WAIT_HOURS", "24")
                .doesNotContainKeys("TWILIO_SECRET_ID", "AWS_ENDPOINT_URL_DYNAMODB");
        assertThat(functions.get(1).environment())
                .containsEntry("TASKS_TABLE", "tasks")
                .doesNotContainKeys("CALLBACK_BASE_URL", "TWILIO_SECRET_ID");
        assertThat(functions.get(2).environment()).containsEntry("POLL_QUEUE_URL", "http://127.0.0.1:2/queue");
    }

    @Test
    void a_given_parameter_brings_its_variable_to_every_function() {
        var functions = real().functions(Map.of(
                "TasksTable",
                "tasks",
                "PollQueue",
                "http://127.0.0.1:2/queue",
                "CallbackBaseUrl",
                "https://callbacks.example.com",
                "TwilioSecretId",
                "twilio/"));

        assertThat(functions)
                .allSatisfy(
                        function -> assertThat(function.environment()).containsEntry("TWILIO_SECRET_ID", "twilio/"));
        assertThat(functions.get(0).environment()).containsEntry("CALLBACK_BASE_URL", "https://callbacks.example.com");
    }

    @ParameterizedTest
    @CsvSource({"arm64, armv8", "x86_64, x86_64"})
    void the_native_library_is_that_of_the_processor(String architecture, String folder) {
        var functions = real().functions(Map.of(
                "TasksTable",
                "tasks",
                "PollQueue",
                "http://127.0.0.1:2/queue",
                "CallbackApi.ApiEndpoint",
                "http://127.0.0.1:1",
                "Architecture",
                architecture));

        assertThat(functions)
                .allSatisfy(function -> assertThat(function.environment().get("JAVA_TOOL_OPTIONS"))
                        .startsWith("-XX:+TieredCompilation ")
                        .endsWith(" -Dsun.boot.library.path=/var/task/boot/linux/" + folder + "/glibc"));
    }

    @Test
    void incident_29_the_template_opens_the_callback_route_only() {
        assertThat(real().routes())
                .containsExactly(
                        new Template.Route("TasksApi", "POST", "/tasks", "SendFunction", true),
                        new Template.Route("TasksApi", "GET", "/tasks/{task_id}", "SendFunction", true),
                        new Template.Route("TasksApi", "POST", "/tasks/{task_id}/cancel", "SendFunction", true),
                        new Template.Route("TasksApi", "GET", "/messages/{sid}", "SendFunction", true),
                        new Template.Route(
                                "CallbackApi",
                                "POST",
                                "/nvp/callback/{callback_key}/{task_id}",
                                "CallbackFunction",
                                false));
    }

    @Test
    void the_real_template_keys_the_table_by_task_and_indexes_the_sid() {
        var table = real().table("TasksTable");

        assertThat(table.key()).isEqualTo(key("task_id"));
        assertThat(table.attributes()).containsEntry("task_id", "S").containsEntry("sid", "S");
        assertThat(table.indexes()).contains(new Template.Index("sid-index", key("sid"), "KEYS_ONLY", List.of()));
        assertThat(table.ttl()).contains("expires_at");
    }

    @Test
    void functions_of_cloudformation_are_evaluated() {
        var first = small(Map.of("Api.ApiEndpoint", "http://here")).get(0);

        assertThat(first.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(first.handlerClass()).isEqualTo("a.b.First");
        assertThat(first.environment())
                .isEqualTo(Map.of(
                        "SHARED", "from globals",
                        "REPLACED", "own",
                        "SIZE", "3",
                        "LARGE", "no",
                        "URL", "http://here"));
    }

    @ParameterizedTest
    @CsvSource({"3, no", "9, yes"})
    void conditions_follow_the_given_parameters(String size, String large) {
        var environment = small(Map.of("Api.ApiEndpoint", "http://here", "Name", "n", "Size", size))
                .get(0)
                .environment();

        assertThat(environment).containsEntry("NAME", "n").containsEntry("LARGE", large);
    }

    @Test
    void a_route_is_public_where_the_api_or_the_route_says_so() {
        assertThat(Template.parse(SMALL).routes())
                .containsExactly(
                        new Template.Route("Api", "GET", "/open", "First", false),
                        new Template.Route("Api", "GET", "/shut", "First", true),
                        new Template.Route("Free", "PUT", "/free/{x}", "First", false));
    }

    @Test
    void an_index_may_have_a_sort_key_and_further_attributes() {
        var table = Template.parse(SMALL).table("Things");

        assertThat(table.indexes())
                .containsExactly(new Template.Index(
                        "by-shard", new Template.Key("shard", Optional.of("id")), "INCLUDE", List.of("colour")));
        assertThat(table.ttl()).isEmpty();
    }

    @Test
    void parameters_without_a_default_are_left_out() {
        assertThat(Template.parse(SMALL).parameters()).isEqualTo(Map.of("Name", "", "Size", "3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: 1\\nb: !Reff X                | line 2: CloudFormation has no function !Reff",
                "a: 1\\nb: [                      | line 2",
                "a: 1\\nb: 2\\na: 3               | line 3: a is repeated"
            })
    void what_cannot_be_read_is_named_with_its_line(String yaml, String message) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(yaml.replace("\\n", "\n")))
                .withMessageContaining("template.yaml, " + message);
    }

    @Test
    void a_reference_without_a_value_is_named_with_its_line() {
        var line = SMALL.lines().toList().indexOf("          URL: !GetAtt Api.ApiEndpoint") + 1;

        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> small(Map.of()))
                .withMessage("template.yaml, line " + line + ": no value is given for Api.ApiEndpoint");
    }

    @Test
    void a_value_for_something_that_is_not_in_the_template_is_an_error() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> small(Map.of("Tabel", "t")))
                .withMessage("template.yaml has no Tabel");
    }

    @Test
    void a_function_that_needs_aws_is_refused_only_where_it_is_needed() {
        var template = Template.parse(SMALL.replace("REPLACED: own", "REPLACED: !ImportValue elsewhere"));

        assertThat(template.routes()).hasSize(3);
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> template.functions(Map.of("Api.ApiEndpoint", "http://here")))
                .withMessageContaining("!ImportValue is not evaluated here");
    }

    @Test
    void a_table_that_is_not_there_is_an_error() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> real().table("Nowhere"))
                .withMessage("template.yaml has no table Nowhere");
    }

    @Test
    void a_function_that_is_not_there_is_an_error() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(SMALL).function("Nowhere", Map.of("Api.ApiEndpoint", "http://here")))
                .withMessage("template.yaml has no function Nowhere");
    }

    @Test
    void the_template_is_found_from_a_folder_below_it(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("template.yaml"), SMALL);
        var below = Files.createDirectories(folder.resolve("a/b"));

        assertThat(Template.find(below)).isEqualTo(file);
    }

    @Test
    void no_template_anywhere_says_where_it_was_looked_for(@TempDir Path folder) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.find(folder))
                .withMessageContaining("no template.yaml in " + folder);
    }

    @Test
    void an_unreadable_template_names_the_file(@TempDir Path folder) {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Template.read(folder.resolve("template.yaml")))
                .withMessageContaining(folder.toString());
    }

    private static Template real() {
        return Template.read(Template.find());
    }

    private static List<Template.Function> small(Map<String, String> values) {
        return Template.parse(SMALL).functions(values);
    }

    private static Template.Key key(String partition) {
        return new Template.Key(partition, Optional.empty());
    }

    @Test
    void the_schedules_of_the_template() {
        assertThat(Template.read(Template.find()).schedules())
                .containsExactly(new Template.Schedule("PollFunction", Duration.ofMinutes(1), "{\"poll\": true}"));
    }

    @Test
    void queues_come_with_their_times_and_their_redrive() {
        assertThat(Template.parse(QUEUES).queues())
                .containsExactly(
                        new Template.Queue(
                                "Work",
                                Map.of("VisibilityTimeout", "360", "MessageRetentionPeriod", "3600"),
                                Optional.of(new Template.Redrive("Dead", 5))),
                        new Template.Queue("Dead", Map.of(), Optional.empty()));
    }

    @Test
    void the_real_template_hands_the_due_tasks_to_the_poll() {
        assertThat(real().queueSources())
                .containsExactly(
                        new Template.QueueSource("PollFunction", "PollQueue", 100, Duration.ofSeconds(1), 5, true));
        assertThat(real().queues().get(0).redrive()).contains(new Template.Redrive("PollDeadLetters", 5));
    }

    @Test
    void a_deploy_chooses_whether_there_is_a_queue_of_calls() {
        var chosen = real().with(Map.of("SendQueueConcurrency", "7"));

        assertThat(real().queues()).extracting(Template.Queue::logicalId).doesNotContain("SendQueue");
        assertThat(chosen.queues())
                .contains(new Template.Queue(
                        "SendQueue",
                        Map.of("VisibilityTimeout", "168", "MessageRetentionPeriod", "1209600"),
                        Optional.of(new Template.Redrive("SendDeadLetters", 20))));
        assertThat(chosen.queueSources())
                .contains(new Template.QueueSource("SendFunction", "SendQueue", 1, Duration.ZERO, 7, true));
        assertThat(chosen.parameters()).containsEntry("SendQueueConcurrency", "7");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> real().with(Map.of("Concurrency", "7")))
                .withMessage("template.yaml has no parameter Concurrency");
    }

    @Test
    void a_queue_is_read_by_an_event_or_by_a_mapping() {
        assertThat(Template.parse(QUEUES).queueSources())
                .containsExactly(
                        new Template.QueueSource("First", "Dead", 10, Duration.ZERO, 5, false),
                        new Template.QueueSource("First", "Work", 100, Duration.ofSeconds(1), 3, true));
    }

    @Test
    void a_template_without_queues_has_none() {
        assertThat(Template.parse(SMALL).queues()).isEmpty();
        assertThat(Template.parse(SMALL).queueSources()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Queue: !GetAtt Dead.Arn   | Queue: !GetAtt Gone.Arn | there is no queue Gone",
                "Queue: !GetAtt Dead.Arn   | Queue: arn:aws:sqs:x    | expected !Ref",
                "VisibilityTimeout: 360    | VisibilityTimeout: long | expected a number",
                "VisibilityTimeout: 360    | FifoQueue: true         | expected a standard queue"
            })
    void a_queue_that_cannot_be_had_here_is_named(String part, String instead, String message) {
        var template = Template.parse(QUEUES.replace(part.strip(), instead));

        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> {
                    template.queues();
                    template.queueSources();
                })
                .withMessageContaining(message);
    }
}
