package io.smstask.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What AWS's own translator makes of template.yaml, and what {@code .ci/translate.py} says of it. */
@EnabledIf(value = "canRun", disabledReason = "python3 has no samtranslator (pip install aws-sam-translator)")
final class TranslatedTemplateIT {

    private static final Path TEMPLATE = Template.find();

    @TempDir
    private Path folder;

    /** How the script ended, and what it printed. */
    private record ProcessEnded(int code, String printed) {}

    static boolean canRun() throws InterruptedException {
        try {
            return ended("us-east-1", "-c", "import samtranslator").code() == 0;
        } catch (IOException e) { // there is no Python
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "cn-north-1"})
    void the_template_is_translated_for_every_partition(String region) throws Exception {
        ProcessEnded ended = translated(region, Files.readString(TEMPLATE));

        assertThat(ended.code()).as(ended.printed()).isZero();
    }

    @Test
    void incident_41_a_second_stack_of_an_account_can_be_made() throws Exception {
        String template = Files.readString(TEMPLATE);

        assertThat(translated("us-east-1", template.replace("OmitName: true", "OmitName: false")))
                .isEqualTo(new ProcessEnded(1, "PollFunctionPollTasks: Name is the same in every stack"));
        assertThat(translated("us-east-1", template.replace("!Sub ${AWS::StackName}-send-sms", "send-sms")))
                .isEqualTo(new ProcessEnded(1, "SendSms: StateMachineName is the same in every stack"));
    }

    @Test
    void nobody_repeats_a_call_of_the_functions_that_nobody_waits_for() throws Exception {
        String template = Files.readString(TEMPLATE);

        assertThat(translated("us-east-1", template.replace("MaximumRetryAttempts: 0", "MaximumRetryAttempts: 1"))
                        .printed()
                        .lines())
                .containsExactlyInAnyOrder(
                        "PollFunctionPollTasks: the schedule repeats its call",
                        "CallbackFunction: Lambda repeats an asynchronous call",
                        "PollFunction: Lambda repeats an asynchronous call",
                        "SendFunction: Lambda repeats an asynchronous call");
    }

    @Test
    void incident_41_a_changed_parameter_reaches_the_function_that_everyone_calls() throws Exception {
        String template = Files.readString(TEMPLATE)
                .replace("    Runtime: java25\n", "    Runtime: java25\n    AutoPublishAlias: live\n");

        assertThat(translated("us-east-1", template).printed().lines().map(TranslatedTemplateIT::withoutHash))
                .containsExactlyInAnyOrder(
                        "SendFunctionVersion: a changed parameter does not reach a published version",
                        "SendFunctionAliaslive: a changed parameter does not reach a published version",
                        "SendFunctionEventInvokeConfig: it is not of the function itself",
                        "SendFunctionPostTaskPermission: it is not for the function itself",
                        "SendFunctionGetTaskPermission: it is not for the function itself",
                        "SendFunctionGetMessagePermission: it is not for the function itself",
                        "SendFunctionCancelTaskPermission: it is not for the function itself",
                        "CallbackFunctionVersion: a changed parameter does not reach a published version",
                        "CallbackFunctionAliaslive: a changed parameter does not reach a published version",
                        "CallbackFunctionEventInvokeConfig: it is not of the function itself",
                        "CallbackFunctionPostCallbackPermission: it is not for the function itself",
                        "PollFunctionVersion: a changed parameter does not reach a published version",
                        "PollFunctionAliaslive: a changed parameter does not reach a published version",
                        "PollFunctionEventInvokeConfig: it is not of the function itself");
    }

    private static String withoutHash(String line) {
        return line.replaceFirst("Version[0-9a-f]+:", "Version:");
    }

    @Test
    void a_warning_stops_no_deploy_and_no_partition_is_written_out() throws Exception {
        String template = Files.readString(TEMPLATE)
                .replace("\nGlobals:\n", "\nGlobals:\n  HttpApi: {FailOnWarnings: true}\n")
                .replace("arn:${AWS::Partition}:events:", "arn:aws:events:");

        assertThat(translated("cn-north-1", template).printed().lines())
                .containsExactlyInAnyOrder(
                        "TasksApi: a warning about what SAM itself has written would stop the deploy",
                        "CallbackApi: a warning about what SAM itself has written would stop the deploy",
                        "CallbackFunctionRole: the partition is written out",
                        "PollFunctionRole: the partition is written out");
    }

    private ProcessEnded translated(String region, String template) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("template.yaml"), template);
        Path script = TEMPLATE.resolveSibling(".ci").resolve("translate.py");
        return ended(region, script.toString(), file.toString());
    }

    private static ProcessEnded ended(String region, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("AWS_DEFAULT_REGION", region);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new ProcessEnded(process.waitFor(), printed.strip());
    }
}
