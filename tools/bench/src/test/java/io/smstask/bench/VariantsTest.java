package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smstask.local.template.Template;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantsTest {

    private static final Path ROOT = Template.find().toAbsolutePath().getParent();

    @TempDir
    Path scratch;

    @Test
    void every_variant_does_both_jobs_or_nothing_at_all() {
        List<Variant> all = variants(new Options());

        assertThat(all)
                .extracting(Variant::name)
                .contains("smstask", "trivial-java")
                .containsAll(Variants.BASES);
        assertThat(all)
                .allSatisfy(variant -> assertThat(List.copyOf(variant.programs().keySet()))
                        .isIn(List.of(Job.SEND, Job.CALLBACK), List.of(Job.TRIVIAL)));
    }

    @Test
    void without_node_its_variants_say_so() {
        assertThat(variants(new Options()).get(0).missing()).contains("there is no node on this machine");
    }

    @Test
    void a_name_that_nobody_has_is_refused_and_the_others_are_named() {
        assertThatExceptionOfType(RunFailed.class)
                .isThrownBy(() -> Variants.chosen(variants(new Options()), List.of("smstsk")))
                .withMessageContainingAll("smstsk", "naive-java");
    }

    @Test
    void other_java_options_make_a_variant_of_ours() {
        var options = new Options();
        options.javaOptions.put("no-flags", "-Xshare:off");

        var variant = Variants.chosen(variants(options), List.of("no-flags")).get(0);

        assertThat(((JavaProgram) variant.programs().get(Job.SEND)).environment())
                .containsEntry("JAVA_TOOL_OPTIONS", "-Xshare:off");
    }

    @Test
    void a_folder_that_is_no_checkout_is_refused() {
        var options = new Options();
        options.also.put("before", scratch);

        assertThatExceptionOfType(RunFailed.class)
                .isThrownBy(() -> variants(options))
                .withMessageContaining("no checkout");
    }

    @Test
    void ours_and_the_peers_read_one_secret_and_have_the_template_s_memory() {
        List<Variant> all = variants(new Options());

        assertThat(environment(all, "smstask", Job.SEND)).containsEntry("TWILIO_SECRET_ID", Events.SECRET_ID);
        assertThat(environment(all, "naive-java", Job.CALLBACK)).containsEntry("TWILIO_SECRET_ID", Events.SECRET_ID);
        assertThat(program(all, "smstask", Job.SEND).limits().memoryMb())
                .isEqualTo(new Options().memory(Template.read(ROOT.resolve("template.yaml"))));
    }

    private static Map<String, String> environment(List<Variant> all, String name, Job job) {
        return program(all, name, job).environment();
    }

    private static JavaProgram program(List<Variant> all, String name, Job job) {
        return (JavaProgram)
                Variants.chosen(all, List.of(name)).get(0).programs().get(job);
    }

    private List<Variant> variants(Options options) {
        return Variants.of(new BenchFiles(ROOT, scratch, Optional.empty()), options);
    }
}
