package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smstask.local.template.Template;
import java.nio.file.Path;
import java.util.List;
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

    private List<Variant> variants(Options options) {
        return Variants.of(new Place(ROOT, scratch, Optional.empty()), options);
    }
}
