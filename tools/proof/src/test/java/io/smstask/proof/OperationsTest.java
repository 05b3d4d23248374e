package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.lambda.Log;
import io.smstask.lambda.Metric;
import io.smstask.local.LocalStack;
import io.smstask.local.template.Alarm;
import io.smstask.local.template.Template;
import io.smstask.task.Misconfigured;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.UnreadableTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operations.md says of every alarm and of every word in the log what it means; the template measures what is logged. */
class OperationsTest {

    private static final Set<String> METRICS =
            Arrays.stream(Metric.values()).map(Metric::word).collect(Collectors.toSet());

    /** Each way in which the code names what happened. */
    private static final List<Pattern> WORDS = List.of(
            Pattern.compile("\\.event\\(\\s*(?:Level\\.[A-Z]+,\\s*)?\"([a-z_]+)\""),
            Pattern.compile("failures\\.add\\(\\s*\"([a-z_]+)\""),
            Pattern.compile("message\\\\\":\\\\\"([a-z_]+)"));

    private final Template template = Template.read(Template.find()).with(LocalStack.WITH_SEND_QUEUE);
    private final String document = Files.readString(Modules.ROOT.resolve("docs/operations.md"));

    OperationsTest() throws IOException {}

    @Test
    void every_alarm_has_a_section() {
        for (Alarm alarm : template.alarms(Map.of())) {
            String id = alarm.logicalId();
            boolean isOfFunction = alarm.measures().get(0).namespace().equals("AWS/Lambda");

            assertThat(document).as(id).contains(isOfFunction ? "`" + id + "`" : "### " + id + "\n\n*Means*: ");
        }
    }

    @Test
    void every_section_is_of_an_alarm() {
        List<String> alarms =
                template.alarms(Map.of()).stream().map(Alarm::logicalId).toList();

        assertThat(all(Pattern.compile("(?m)^### (\\w+Alarm)$"), document)).isSubsetOf(alarms);
        assertThat(all(Pattern.compile("\\(#(\\w+alarm)\\)"), document))
                .isSubsetOf(alarms.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void an_alarm_s_description_leads_to_its_section() throws IOException {
        String text = Files.readString(Template.find());
        for (Alarm alarm : template.alarms(Map.of())) {
            String resource = text.substring(text.indexOf("\n  " + alarm.logicalId() + ":\n"));
            String anchor = alarm.measures().get(0).namespace().equals("AWS/Lambda")
                    ? "function-alarms"
                    : alarm.logicalId().toLowerCase(Locale.ROOT);

            assertThat(resource.substring(0, resource.indexOf("Namespace")))
                    .as(alarm.logicalId())
                    .contains("docs/operations.md#" + anchor + "\"");
        }
    }

    @Test
    void alarms_and_dashboard_show_what_the_functions_log() throws IOException {
        for (Alarm alarm : template.alarms(Map.of())) {
            for (Alarm.Measure measure : alarm.measures()) {
                if (measure.namespace().equals(Log.NAMESPACE)) {
                    assertThat(METRICS).contains(measure.metric());
                    Metric metric = Metric.valueOf(measure.metric().toUpperCase(Locale.ROOT));
                    assertThat(metric.isByReason() || !measure.dimensions().containsKey("reason"))
                            .isTrue();
                }
            }
        }
        Set<String> shown = all(Pattern.compile("\\[\"smstask\", \"([a-z_]+)\""), Files.readString(Template.find()));
        assertThat(shown).hasSizeGreaterThan(20).isSubsetOf(METRICS);
    }

    @Test
    void every_word_of_the_log_is_in_the_table_and_no_other() throws IOException {
        Set<String> logged = new TreeSet<>(Set.of(StoreUnavailable.CODE, Misconfigured.CODE, UnreadableTask.CODE));
        for (Path module : Modules.folders()) {
            Path main = module.resolve("src/main/java");
            if (!Files.isDirectory(main)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(main)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String code = Files.readString(file);
                    WORDS.forEach(pattern -> logged.addAll(all(pattern, code)));
                    if (file.endsWith("SendResult.java") || file.endsWith("CancelResult.java")) {
                        logged.addAll(all(Pattern.compile("\"([a-z_]+)\""), code));
                    }
                    if (file.endsWith("CallbackReply.java")) {
                        all(Pattern.compile("(?m)^    ([A-Z_]+)\\(\\d"), code)
                                .forEach(reply -> logged.add("callback_" + reply.toLowerCase(Locale.ROOT)));
                    }
                }
            }
        }
        String table = document.substring(document.indexOf("| word | level |"), document.indexOf("## Queries"));

        assertThat(all(Pattern.compile("(?m)^\\| `([a-z_]+)` \\|"), table)).isEqualTo(logged);
        assertThat(logged).hasSizeGreaterThan(30);
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
