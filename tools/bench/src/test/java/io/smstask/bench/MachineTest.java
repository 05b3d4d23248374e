package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    @TempDir
    Path root;

    @BeforeEach
    void commit() throws IOException, InterruptedException {
        Files.writeString(root.resolve("file"), "as committed");
        git("init", "-q");
        git("add", ".");
        git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "--no-gpg-sign", "-m", "x");
    }

    @Test
    void a_checkout_with_nothing_but_its_commit_and_new_results_is_clean() throws IOException {
        Files.createDirectories(root.resolve("tools/bench/results"));
        Files.writeString(root.resolve("tools/bench/results/2026-11-24.md"), "figures");

        assertThat(Machine.commit(root))
                .matches("[0-9a-f]{12}")
                .satisfies(c -> assertThat(Machine.isClean(c)).isTrue());
    }

    @Test
    void a_changed_file_makes_it_dirty() throws IOException {
        Files.writeString(root.resolve("file"), "changed");

        assertThat(Machine.commit(root)).endsWith("-dirty");
        assertThat(Machine.isClean(Machine.commit(root))).isFalse();
    }

    @Test
    void a_file_that_no_commit_has_makes_it_dirty() throws IOException {
        Files.writeString(root.resolve("New.java"), "class New {}");

        assertThat(Machine.isClean(Machine.commit(root))).isFalse();
    }

    @Test
    void a_folder_that_is_no_checkout_is_not_clean(@TempDir Path elsewhere) {
        assertThat(Machine.isClean(Machine.commit(elsewhere))).isFalse();
    }

    private void git(String... command) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("git", "-C", root.toString()));
        all.addAll(List.of(command));
        assertThat(new ProcessBuilder(all).inheritIO().start().waitFor()).isZero();
    }
}
