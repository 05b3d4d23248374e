package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path folder;

    @Test
    void a_folder_is_deleted_with_all_that_is_in_it() throws IOException {
        Path full = Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(full.resolve("c.txt"), "text");

        Folders.delete(folder.resolve("a"));

        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void a_folder_is_as_large_as_its_zip() throws IOException {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        Files.writeString(bundle.resolve("index.mjs"), "let a = 1;".repeat(10_000));

        assertThat(Folders.zippedSize(bundle)).isBetween(100L, 5_000L);
    }
}
