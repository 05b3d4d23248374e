package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.local.WaitingCaller;
import io.smstask.local.template.Template;
import io.smstask.send.InvalidTask;
import io.smstask.send.TaskConflict;
import io.smstask.send.TaskInProgress;
import io.smstask.task.CallFailure;
import io.smstask.task.Misconfigured;
import io.smstask.task.Node;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Subscribers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state machine as a graph, and what it shares with the code and with template.yaml. */
final class StateMachineTest {

    private static final Path TEMPLATE = Template.find();
    private static final String SEND_SMS = "send-sms.asl.json";

    private final JsonNode sendSms = read(SEND_SMS);

    @Test
    void the_states_are_named_as_the_nodes_of_the_original() {
        assertThat(names(sendSms))
                .contains("Calling API", "Is status received?", "Waiting for Callback", "Final", "Escalation");
        assertThat(state("Calling API").path("Next").asText()).isEqualTo("Is status received?");
        assertThat(state("Final").path("Type").asText()).isEqualTo("Succeed");
        assertThat(state("Escalation").path("Type").asText()).isEqualTo("Fail");
    }

    @Test
    void the_local_stack_s_waiting_caller_waits_as_the_machine_does() {
        JsonNode parameters = state("Waiting for Callback").path("Parameters");

        assertThat(parameters.path("UpdateExpression").asText()).isEqualTo(WaitingCaller.UPDATE);
        assertThat(parameters.path("ConditionExpression").asText()).isEqualTo(WaitingCaller.CONDITION);
    }

    @ParameterizedTest
    @ValueSource(strings = {SEND_SMS, "call-process-example.asl.json", "call-process-jsonata.asl.json"})
    void every_state_is_there_and_reachable(String file) {
        for (JsonNode machine : machines(read(file))) {
            Set<String> reached = new HashSet<>();
            Deque<String> next =
                    new ArrayDeque<>(List.of(machine.path("StartAt").asText()));
            while (!next.isEmpty()) {
                String name = next.pop();
                assertThat(names(machine)).contains(name);
                if (reached.add(name)) {
                    next.addAll(after(machine.path("States").path(name)));
                }
            }
            assertThat(reached).containsExactlyInAnyOrderElementsOf(names(machine));
        }
    }

    /** A Choice that compares what is not there ends the execution at once, past every Catch. */
    @Test
    void what_may_be_missing_in_an_answer_is_asked_for_before_it_is_compared() {
        JsonNode example = read("call-process-example.asl.json")
                .at("/States/For each recipient/ItemProcessor/States/Has the recipient opted out?");

        assertThat(firstChoice(state("Is status received?"))).isEqualTo("$.answer.task.node is there: false");
        assertThat(firstChoice(state("Is it final?"))).isEqualTo("$.answer.task.node is there: false");
        assertThat(firstChoice(example)).isEqualTo("$.opened.execution.Error is there: false");
    }

    private static String firstChoice(JsonNode choice) {
        JsonNode first = choice.path("Choices").path(0);
        return first.path("Variable").asText() + " is there: "
                + first.path("IsPresent").asText();
    }

    @Test
    void every_state_leads_to_final_or_escalation_and_nothing_else_ends() {
        for (String name : names(sendSms)) {
            boolean isEnd = List.of("Final", "Escalation").contains(name);
            assertThat(after(state(name)).isEmpty()).as(name).isEqualTo(isEnd);
            assertThat(state(name).has("End")).as(name).isFalse();
        }
        Set<String> ending = new HashSet<>(List.of("Final", "Escalation"));
        boolean isGrowing = true;
        while (isGrowing) {
            isGrowing = ending.addAll(names(sendSms).stream()
                    .filter(name -> after(state(name)).stream().anyMatch(ending::contains))
                    .toList());
        }
        assertThat(ending).containsExactlyInAnyOrderElementsOf(names(sendSms));
    }

    @ParameterizedTest
    @ValueSource(strings = {SEND_SMS, "call-process-example.asl.json", "call-process-jsonata.asl.json"})
    void every_task_has_a_catch_for_everything_and_every_choice_a_default(String file) {
        for (JsonNode machine : machines(read(file))) {
            for (JsonNode state : machine.path("States")) {
                if (state.path("Type").asText().equals("Task")) {
                    JsonNode catches = state.path("Catch");
                    assertThat(texts(catches.path(catches.size() - 1).path("ErrorEquals")))
                            .containsExactly("States.ALL");
                }
                if (state.path("Type").asText().equals("Choice")) {
                    assertThat(state.path("Default").asText()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void what_send_function_throws_has_the_names_of_its_classes() {
        Set<String> thrown = Stream.of(
                        InvalidTask.class.getName(),
                        TaskConflict.class.getName(),
                        TaskInProgress.class.getName(),
                        StoreUnavailable.class.getName(),
                        Misconfigured.class.getName())
                .collect(Collectors.toSet());

        assertThat(errors(state("Calling API").path("Catch"))).containsAll(thrown);
        assertThat(errors(state("Calling API").path("Catch")))
                .filteredOn(name -> name.startsWith("io.smstask"))
                .containsExactlyInAnyOrderElementsOf(thrown);
        assertThat(texts(state("Calling API").path("Retry").path(0).path("ErrorEquals")))
                .containsExactlyInAnyOrder(InvalidTask.class.getName(), TaskConflict.class.getName());
        assertThat(state("Calling API")
                        .path("Retry")
                        .path(0)
                        .path("MaxAttempts")
                        .asInt(-1))
                .isZero();
    }

    @Test
    void calling_api_is_repeated_for_longer_than_a_call_may_take() {
        JsonNode retry = state("Calling API").path("Retry").path(1);
        double seconds = 0;
        double interval = retry.path("IntervalSeconds").asInt();
        for (int i = 0; i < retry.path("MaxAttempts").asInt(); i++) {
            seconds += Math.min(interval, retry.path("MaxDelaySeconds").asInt());
            interval *= retry.path("BackoffRate").asInt();
        }

        assertThat(texts(retry.path("ErrorEquals"))).containsExactly("States.ALL");
        assertThat(seconds).isGreaterThan(2 * 28);
        assertThat(state("Calling API").path("TimeoutSeconds").asInt()).isGreaterThan(28);
    }

    @Test
    void the_words_that_it_compares_and_makes_are_the_codes() {
        Set<String> words = new TreeSet<>();
        collect(sendSms, "StringEquals", words);
        assertThat(words)
                .isSubsetOf(Stream.of(
                                Stream.of(Node.values()).map(Node::label),
                                Stream.of(Retryable.values()).map(Retryable::word),
                                Stream.of("sent", "true", ""))
                        .flatMap(word -> word)
                        .toList());

        assertThat(made("Refusing the token").path("code").asText()).isEqualTo("token_in_execution");
        for (var end : Map.of("No answer", CallFailure.OUTCOME_UNKNOWN, "No status in time", CallFailure.STATUS_TIMEOUT)
                .entrySet()) {
            assertThat(made(end.getKey()).path("code").asText())
                    .isEqualTo(end.getValue().code());
            assertThat(made(end.getKey()).path("retryable").asText())
                    .isEqualTo(end.getValue().retryable().word());
            assertThat(made(end.getKey()).path("reason").asText())
                    .isEqualTo(end.getValue().reason().word());
        }
        assertThat(made("No status in time").path("node").asText()).isEqualTo(Node.ESCALATION.label());
    }

    @Test
    void its_own_task_id_has_a_name_that_no_input_can_overwrite_and_stands_beside_no_reading() {
        assertThat(state("Taking the task").path("Parameters").path("named").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("execution_task_id.$");
        // Of two that are the same the second wins.
        assertThat(state("Calling API").path("Parameters").path("Payload.$").asText())
                .isEqualTo("States.JsonMerge($$.Execution.Input, $.named, false)");
        assertThat(state("Reading the task").path("Parameters").path("Payload").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("read.$");
    }

    /** A timeout of 0 fails an execution. */
    @Test
    void it_leaves_its_token_only_while_there_is_time() {
        for (String choice : List.of("Is status received?", "Is it final?")) {
            assertThat(state(choice).path("Choices"))
                    .filteredOn(way -> way.path("Next").asText().equals("Waiting for Callback"))
                    .isNotEmpty()
                    .allSatisfy(way -> assertThat(way.path("And")).anySatisfy(test -> {
                        assertThat(test.path("Variable").asText()).isEqualTo("$.answer.task.wait_seconds");
                        assertThat(test.path("NumericGreaterThan").asInt(-1)).isZero();
                    }));
        }
        assertThat(names(sendSms))
                .filteredOn(name -> after(state(name)).contains("Waiting for Callback"))
                .containsExactly("Is status received?", "Is it final?");
    }

    /** SendHandlerTest counts the reads of the longest wait. */
    @Test
    void waiting_by_reading_takes_three_quarters_of_the_events_that_an_execution_may_have() {
        int reads = 1_400;
        int eventsOfATask = 5;
        int eventsOfAnotherState = 2;
        List<String> round = List.of(
                "Waiting to read again",
                "Reading the task",
                "Is a context in the input?",
                "Taking the input's context",
                "Is it final?");

        for (int i = 0; i < round.size(); i++) {
            assertThat(after(state(round.get(i)))).contains(round.get((i + 1) % round.size()));
        }
        assertThat(reads * (eventsOfATask + eventsOfAnotherState * (round.size() - 1)))
                .isLessThan(25_000 * 3 / 4);
    }

    @Test
    void the_reply_of_an_ended_task_has_the_inputs_own_context() {
        for (String name : List.of("Waiting for Callback", "Reading the task")) {
            assertThat(state(name).path("Next").asText()).isEqualTo("Is a context in the input?");
        }
        JsonNode context = state("Taking the input's context");
        assertThat(context.path("InputPath").asText()).isEqualTo("$$.Execution.Input.context");
        assertThat(context.path("ResultPath").asText()).isEqualTo("$.answer.task.context");
    }

    @Test
    void it_registers_its_token_and_reads_nothing() {
        JsonNode parameters = state("Waiting for Callback").path("Parameters");

        assertThat(state("Waiting for Callback").path("Resource").asText())
                .isEqualTo("arn:${Partition}:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken");
        assertThat(parameters.path("ReturnValues").asText()).isEqualTo("NONE");
        assertThat(parameters.path("ConditionExpression").asText()).startsWith("attribute_exists(poll_at) AND ");
        Set<String> resources = new TreeSet<>();
        collect(sendSms, "Resource", resources);
        assertThat(resources)
                .containsExactlyInAnyOrder(
                        "arn:${Partition}:states:::lambda:invoke",
                        "arn:${Partition}:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken");
    }

    /** Step Functions spells SS, BOOL and NULL as the SDK does; of one letter there is one spelling only. */
    @Test
    void what_it_writes_is_of_types_that_have_one_spelling() {
        JsonNode values = state("Waiting for Callback").path("Parameters").path("ExpressionAttributeValues");

        Set<String> types = new TreeSet<>();
        values.forEach(value -> value.fieldNames().forEachRemaining(types::add));
        values.path(":token").path("L").forEach(value -> value.fieldNames().forEachRemaining(types::add));
        assertThat(types).containsExactly("L", "N", "S.$");
        assertThat(values.path(":most").path("N").asInt()).isEqualTo(Subscribers.MOST_TOKENS);
    }

    @Test
    void its_role_may_touch_exactly_the_attributes_that_it_names() throws IOException {
        JsonNode parameters = state("Waiting for Callback").path("Parameters");
        String expressions = parameters.path("Key").fieldNames().next() + " "
                + parameters.path("UpdateExpression").asText() + " "
                + parameters.path("ConditionExpression").asText();
        // Functions have a parenthesis, values a colon, words of the language are in capitals.
        String attributes = Pattern.compile("(?<![:\\w])[a-z_]+(?![\\w(])")
                .matcher(expressions)
                .results()
                .map(MatchResult::group)
                .distinct()
                .collect(Collectors.joining(", "));

        assertThat(Files.readString(TEMPLATE)).contains("dynamodb:Attributes: [" + attributes + "]");
    }

    /** In China and in GovCloud the partition is another. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "template.yaml",
                "statemachine/send-sms.asl.json",
                "statemachine/call-process-example.asl.json",
                "statemachine/call-process-jsonata.asl.json"
            })
    void no_partition_is_written_out(String file) throws IOException {
        assertThat(Files.readString(TEMPLATE.resolveSibling(file))).doesNotContain("arn:aws");
    }

    @Test
    void the_template_gives_a_value_to_each_of_its_placeholders() throws IOException {
        Set<String> placeholders = Pattern.compile("\\$\\{(\\w+)}")
                .matcher(Files.readString(file(SEND_SMS)))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        Set<String> given = Files.readAllLines(TEMPLATE).stream()
                .dropWhile(Predicate.not(line -> line.strip().equals("DefinitionSubstitutions:")))
                .skip(1)
                .takeWhile(line -> line.startsWith("        "))
                .map(line -> line.strip().split(":")[0])
                .collect(Collectors.toSet());

        assertThat(given).isEqualTo(placeholders);
        assertThat(Files.readString(TEMPLATE)).contains("DefinitionUri: statemachine/" + SEND_SMS);
    }

    private JsonNode state(String name) {
        return sendSms.path("States").path(name);
    }

    /** What a Pass state makes in place of a task. */
    private JsonNode made(String name) {
        return state(name).path("Result").path("task");
    }

    /** A machine, and those inside its Map states. */
    private static List<JsonNode> machines(JsonNode machine) {
        List<JsonNode> machines = new ArrayList<>(List.of(machine));
        for (JsonNode state : machine.path("States")) {
            if (state.has("ItemProcessor")) {
                machines.addAll(machines(state.path("ItemProcessor")));
            }
        }
        return machines;
    }

    private static List<String> names(JsonNode machine) {
        return machine.path("States").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The states that may follow one. */
    private static List<String> after(JsonNode state) {
        List<String> next = new ArrayList<>();
        Stream.of("Next", "Default")
                .filter(state::has)
                .forEach(field -> next.add(state.path(field).asText()));
        for (String field : List.of("Choices", "Catch")) {
            for (JsonNode way : state.path(field)) {
                next.add(way.path("Next").asText());
            }
        }
        return next;
    }

    private static List<String> errors(JsonNode catches) {
        return StreamSupport.stream(catches.spliterator(), false)
                .flatMap(one -> texts(one.path("ErrorEquals")).stream())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Every text under that name, however deep. */
    private static void collect(JsonNode node, String name, Set<String> found) {
        if (node.path(name).isTextual()) {
            found.add(node.path(name).asText());
        }
        node.forEach(child -> collect(child, name, found));
    }

    private static Path file(String name) {
        return TEMPLATE.resolveSibling("statemachine").resolve(name);
    }

    private static JsonNode read(String name) {
        try {
            return new ObjectMapper().readTree(file(name).toFile());
        } catch (IOException e) {
            throw new AssertionError(name + " cannot be read", e);
        }
    }
}
