package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smstask.local.template.Template;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OptionsTest {

    @Test
    void without_options_everything_is_measured() {
        Options options = parse();

        assertThat(options.measuresCold()).isTrue();
        assertThat(options.measuresThrottled()).isTrue();
        assertThat(options.measuresWarm()).isTrue();
        assertThat(options.isWhole()).isTrue();
        assertThat(options.settings())
                .containsExactly(new Setting(1, false), new Setting(1, true), new Setting(2, false));
        assertThat(options.rounds).isEqualTo(15);
        assertThat(options.functions.include(Job.CALLBACK)).isTrue();
        assertThat(options.problems(2)).isEmpty();
    }

    @Test
    void one_part_can_be_asked_for() {
        Options options = parse("--warm");

        assertThat(options.measuresWarm()).isTrue();
        assertThat(options.measuresCold()).isFalse();
        assertThat(options.measuresThrottled()).isFalse();
        assertThat(options.isWhole()).isFalse();
    }

    @Test
    void variants_are_separated_by_commas() {
        assertThat(parse("--only", "node,smstask").only).containsExactly("node", "smstask");
    }

    @Test
    void a_checkout_and_java_options_have_labels() {
        Options options = parse(
                "--also", "before=../before", "--java-options", "c2=-XX:TieredStopAtLevel=4 -Dx=y", "--also", "b=/b");

        assertThat(options.also).containsEntry("before", Path.of("../before")).containsEntry("b", Path.of("/b"));
        assertThat(options.javaOptions).containsEntry("c2", "-XX:TieredStopAtLevel=4 -Dx=y");
    }

    @Test
    void one_function_leaves_out_the_other_and_keeps_the_runtimes() {
        Options options = parse("--fn", "send");

        assertThat(options.functions.include(Job.SEND)).isTrue();
        assertThat(options.functions.include(Job.CALLBACK)).isFalse();
        assertThat(options.functions.include(Job.TRIVIAL)).isTrue();
    }

    @Test
    void the_share_of_a_processor_grows_with_the_memory_up_to_one() {
        assertThat(Options.share(512)).isCloseTo(0.289, within(0.001));
        assertThat(Options.share(1769)).isEqualTo(1);
        assertThat(Options.share(3008)).isEqualTo(1);
    }

    @Test
    void the_memory_is_the_template_s_unless_another_is_asked_for() {
        Template template = Template.read(Template.find());

        assertThat(parse().memory(template))
                .isEqualTo(Integer.parseInt(template.parameters().get("MemorySize")));
        assertThat(parse("--memory", "512").memory(template)).isEqualTo(512);
        assertThat(parse("--memory", "512").isWhole()).isFalse();
    }

    @Test
    void what_was_built_before_may_be_another_commit_s_and_is_not_the_whole() {
        assertThat(parse("--no-build").isWhole()).isFalse();
    }

    @Test
    void the_first_number_of_processors_is_the_headline() {
        Options options = parse("--cpus", "2", "--throttle");

        assertThat(options.headline()).isEqualTo(2);
        assertThat(options.settings()).containsExactly(new Setting(2, true));
        assertThat(options.problems(1)).singleElement().asString().contains("--cpus");
    }

    @Test
    void every_problem_is_named() {
        assertThat(parse("--rounds", "0", "--memory", "64", "--twilio-ms", "-1").problems(2))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("--rounds"))
                .anyMatch(problem -> problem.contains("--memory"))
                .anyMatch(problem -> problem.contains("--twilio-ms"));
    }

    private static Options parse(String... args) {
        return CommandLine.populateCommand(new Options(), args);
    }
}
