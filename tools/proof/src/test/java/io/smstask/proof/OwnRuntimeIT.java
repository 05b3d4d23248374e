package io.smstask.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smstask.local.template.Template;
import io.smstask.ownruntime.OwnRuntimeStack;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages with a runtime of their own, unpacked as Lambda unpacks them, in another folder than they were trained in. */
final class OwnRuntimeIT {

    private static final Map<String, String> ANY =
            Map.of("TasksTable", "any", "PollQueue", "any", "CallbackApi.ApiEndpoint", "any");

    private static final Path TEMPLATE = Template.find();
    private static final String WITHOUT_CACHE = "{\"level\":\"WARN\",\"message\":\"started_without_aot_cache\"}";

    @TempDir
    private Path work;

    private Path send;
    private Path callback;
    private Path poll;

    @BeforeAll
    static void only_where_they_were_built() {
        assumeTrue(
                Files.exists(zip("send-function")),
                "skipped: there are no packages with a runtime of their own, -Pown-runtime builds them");
    }

    @BeforeEach
    void unpack() throws IOException {
        send = unpack("send-function");
        callback = unpack("callback-function");
        poll = unpack("poll-function");
    }

    @Test
    void a_task_is_sent_and_brought_to_its_end_from_the_cache() throws IOException {
        assertThat(printed()).doesNotContain(WITHOUT_CACHE);
    }

    @Test
    void a_cache_that_is_missing_is_logged_and_no_failure() throws IOException {
        Files.delete(send.resolve("function.aot"));
        Files.delete(callback.resolve("function.aot"));
        Files.delete(poll.resolve("function.aot"));

        assertThat(printed()).filteredOn(WITHOUT_CACHE::equals).hasSize(3);
    }

    @Test
    void a_cache_that_is_cut_short_is_logged_and_no_failure() throws IOException {
        for (Path folder : List.of(send, callback, poll)) {
            try (var cache = FileChannel.open(folder.resolve("function.aot"), StandardOpenOption.WRITE)) {
                cache.truncate(cache.size() / 2);
            }
        }

        assertThat(printed()).filteredOn(WITHOUT_CACHE::equals).hasSize(3);
    }

    /** The JVM would run it on a processor that it was not made for. */
    @Test
    void no_cache_holds_machine_code() throws IOException {
        for (Path folder : List.of(send, callback, poll)) {
            Process java = new ProcessBuilder(
                            "jre/bin/java",
                            "-XX:AOTCache=function.aot",
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Xlog:aot+codecache+init",
                            "-cp",
                            "function.jar",
                            "-version")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();

            assertThat(new String(java.getInputStream().readAllBytes(), UTF_8)).contains("AOT Code Cache is empty");
        }
    }

    @Test
    void the_stack_of_these_packages_differs_in_what_belongs_to_the_managed_runtime_only() throws IOException {
        Path own = TEMPLATE.resolveSibling("target/own-runtime.yaml");
        String managed = Files.readString(TEMPLATE);

        // The default is one of the processors.
        assertThat(Files.readString(own)
                        .lines()
                        .filter(line -> !managed.contains(line + "\n") && !line.contains("Default: ")))
                .map(line -> line.replaceFirst("\\[.*", "").strip())
                .containsExactly(
                        "AllowedValues:",
                        "Runtime: provided.al2023",
                        "CodeUri: ../send-function/target/send-function-own-runtime.zip",
                        "CodeUri: ../callback-function/target/callback-function-own-runtime.zip",
                        "CodeUri: ../poll-function/target/poll-function-own-runtime.zip",
                        "DefinitionUri: ../statemachine/send-sms.asl.json");
        assertThat(Files.readString(own)).doesNotContain("JAVA_TOOL_OPTIONS", "java25", "arm64, x86_64");
        assertThat(Template.read(own).functions(ANY))
                .extracting(Template.Function::handlerClass)
                .containsExactlyElementsOf(Template.read(TEMPLATE).functions(ANY).stream()
                        .map(Template.Function::handlerClass)
                        .toList());
    }

    /** What they have printed. */
    private List<String> printed() throws IOException {
        try (var stack = new OwnRuntimeStack(send, callback, poll, Map.of())) {
            assertThat(stack.callback("callback-delivered-base64")).contains("\"statusCode\":404");
            assertThat(stack.send("send-http-v2")).contains("\"statusCode\":201");
            assertThat(stack.awaitDelivered())
                    .allSatisfy(attempt -> assertThat(attempt.responseCode()).hasValue(204));
            assertThat(stack.forge()).contains("\"statusCode\":403");
            assertThat(stack.poll("poll")).contains("\"leased\":");
            assertThat(stack.log())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith("{"));
            return stack.log();
        }
    }

    private static Path zip(String module) {
        return TEMPLATE.resolveSibling(module + "/target/" + module + "-own-runtime.zip");
    }

    /** With the modes that are in it, and its times read as those of UTC. */
    private Path unpack(String module) throws IOException {
        Path folder = work.resolve(module);
        try (var zip = FileSystems.newFileSystem(zip(module), Map.of("enablePosixFileAttributes", true));
                var entries = Files.walk(zip.getPath("/"))) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                Path file = folder.resolve(entry.toString().substring(1));
                Files.createDirectories(file.getParent());
                Files.copy(entry, file);
                Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(entry));
                var time =
                        LocalDateTime.ofInstant(Files.getLastModifiedTime(entry).toInstant(), ZoneId.systemDefault());
                Files.setLastModifiedTime(file, FileTime.from(time.toInstant(ZoneOffset.UTC)));
            }
        }
        return folder;
    }
}
