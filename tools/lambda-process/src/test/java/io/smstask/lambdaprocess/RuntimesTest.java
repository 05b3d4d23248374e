package io.smstask.lambdaprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimesTest {

    @TempDir
    Path folder;

    @Test
    void a_jar_is_unpacked() throws IOException {
        Path task = Files.createDirectory(folder.resolve("task"));

        Runtimes.unpack(jar("a/b.txt"), task);

        assertThat(task.resolve("a/b.txt")).hasContent("text");
    }

    @Test
    void an_entry_outside_of_the_folder_is_refused() throws IOException {
        Path task = Files.createDirectory(folder.resolve("task"));
        Path jar = jar("../b.txt");

        assertThatIOException().isThrownBy(() -> Runtimes.unpack(jar, task)).withMessageContaining("../b.txt");
        assertThat(folder.resolve("b.txt")).doesNotExist();
    }

    @Test
    void the_jvms_options_find_the_function_where_it_is_and_more_of_them_come_after() {
        var launch = new Launch(List.of(), Map.of("A", "1"), folder, Duration.ofSeconds(1));

        assertThat(launch.with(Map.of("JAVA_TOOL_OPTIONS", "-Xshare:file=/var/task/a.jsa"))
                        .withJvmOptions("-Xlog:disable")
                        .environment())
                .isEqualTo(Map.of("A", "1", "JAVA_TOOL_OPTIONS", "-Xshare:file=" + folder + "/a.jsa -Xlog:disable"));
    }

    @Test
    void a_jvm_sees_a_machine_with_the_function_s_memory() throws IOException {
        Path task = Files.createDirectory(folder.resolve("task"));

        assertThat(Runtimes.java(task, "a.B", new Limits(1024, Duration.ofSeconds(1)))
                        .command())
                .contains("-XX:MaxRAM=1024m", "-XX:MaxHeapSize=870m");
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
