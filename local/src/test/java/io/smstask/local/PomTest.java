package io.smstask.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is built tomorrow is what was built today, from the same place. */
class PomTest {

    private static final Pattern VERSION = Pattern.compile("<(version|[a-z0-9.-]+\\.version)>([^<]*)</");

    @Test
    void every_version_is_one_version_and_there_is_no_repository_but_mavens_own() throws IOException {
        Path root = Template.find().toAbsolutePath().getParent();
        for (String module :
                List.of(".", "shared", "send-function", "callback-function", "poll-function", "local", "bench")) {
            // What builds it may be any JDK and Maven from some version on.
            String pom = Files.readString(root.resolve(module).resolve("pom.xml"))
                    .replaceAll("(?s)<require(Maven|Java)Version>.*?</require(Maven|Java)Version>", "");

            assertThat(pom).doesNotContain("<repository>", "<pluginRepository>", "systemPath");
            assertThat(VERSION.matcher(pom).results().map(version -> version.group(2)))
                    .as(module)
                    .isNotEmpty()
                    .allMatch(version ->
                            version.matches("\\$\\{[a-z0-9.-]+\\.version}|1\\.0\\.0-SNAPSHOT|[0-9][A-Za-z0-9.-]*"))
                    .filteredOn(version -> version.contains("SNAPSHOT"))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    /** A tag can be moved to other code, a commit cannot. */
    @Test
    void every_action_of_the_hosted_run_is_one_commit() throws IOException {
        Path workflow = Template.find().resolveSibling(".github/workflows/ci.yml");

        assertThat(Files.readAllLines(workflow))
                .filteredOn(line -> line.contains("uses:"))
                .isNotEmpty()
                .allMatch(line -> line.matches(" +- uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+"));
    }
}
