package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is built tomorrow is what was built today, from the same place. */
class PomTest {

    private static final Pattern VERSION = Pattern.compile("<(version|[a-z0-9.-]+\\.version)>([^<]*)</");

    @Test
    void every_version_is_one_version_and_there_is_no_repository_but_mavens_own() throws IOException {
        List<Path> folders = new ArrayList<>(Modules.folders());
        folders.add(Modules.ROOT);
        for (Path folder : folders) {
            // What builds it may be any JDK and Maven from some version on.
            String pom = Files.readString(folder.resolve("pom.xml"))
                    .replaceAll("(?s)<require(Maven|Java)Version>.*?</require(Maven|Java)Version>", "");

            assertThat(pom).doesNotContain("<repository>", "<pluginRepository>", "systemPath");
            assertThat(VERSION.matcher(pom).results().map(version -> version.group(2)))
                    .as(folder.toString())
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
        Path workflow = Modules.ROOT.resolve(".github/workflows/ci.yml");

        assertThat(Files.readAllLines(workflow))
                .filteredOn(line -> line.contains("uses:"))
                .isNotEmpty()
                .allMatch(line -> line.matches(" +- uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+"));
    }
}
