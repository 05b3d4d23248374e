package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path folder;

    @Test
    void a_jar_is_unpacked_and_a_folder_deleted() throws IOException {
        Path task = Files.createDirectory(folder.resolve("task"));

        Folders.unpack(jar("a/b.txt"), task);

        assertThat(task.resolve("a/b.txt")).hasContent("text");
        Folders.delete(task);
        assertThat(task).doesNotExist();
    }

    @Test
    void an_entry_outside_of_the_folder_is_refused() throws IOException {
        Path task = Files.createDirectory(folder.resolve("task"));
        Path jar = jar("../b.txt");

        assertThatIOException().isThrownBy(() -> Folders.unpack(jar, task)).withMessageContaining("../b.txt");
        assertThat(folder.resolve("b.txt")).doesNotExist();
    }

    @Test
    void a_folder_is_as_large_as_its_zip() throws IOException {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        Files.writeString(bundle.resolve("index.mjs"), "let a = 1;".repeat(10_000));

        assertThat(Folders.zippedSize(bundle)).isBetween(100L, 5_000L);
    }

    private Path jar(String entry) throws IOException {
        Path jar = folder.resolve("a.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write("text".getBytes());
        }
        return jar;
    }
}
