package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On folders with the files that the kernel has in its own. */
class CpuGroupTest {

    @TempDir
    Path root;

    @Test
    void version_1_counts_in_one_hierarchy_and_brakes_in_another() throws IOException {
        Files.createDirectories(root.resolve("cpuacct"));
        Files.createDirectories(root.resolve("cpu"));

        CpuGroup group = CpuGroup.open(root, "run");

        assertThat(group.doors())
                .containsExactly(root.resolve("cpuacct/run/cgroup.procs"), root.resolve("cpu/run/cgroup.procs"));
        Files.writeString(root.resolve("cpuacct/run/cpuacct.usage"), "1234567890\n");
        assertThat(group.usedNanos(1)).isEqualTo(1_234_567_890);
        group.limit(0.25);
        assertThat(root.resolve("cpu/run/cpu.cfs_period_us")).hasContent("20000");
        assertThat(root.resolve("cpu/run/cpu.cfs_quota_us")).hasContent("5000");
    }

    @Test
    void version_2_has_one_hierarchy_and_counts_in_microseconds() throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), "cpu memory");

        CpuGroup group = CpuGroup.open(root, "run");

        assertThat(group.doors()).containsExactly(root.resolve("run/cgroup.procs"));
        Files.writeString(root.resolve("run/cpu.stat"), "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");
        assertThat(group.usedNanos(1)).isEqualTo(1_500_000);
        group.limit(0.25);
        assertThat(root.resolve("run/cpu.max")).hasContent("5000 20000");
    }

    @Test
    void a_group_that_is_over_is_gone() throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), "cpu memory");

        CpuGroup.open(root, "run").close();

        assertThat(root.resolve("run")).doesNotExist();
    }

    @Test
    void without_control_groups_the_kernel_is_asked_and_nothing_can_be_throttled() {
        CpuGroup group = CpuGroup.open(root, "run");

        assertThat(group.doors()).isEmpty();
        assertThat(group.usedNanos(ProcessHandle.current().pid())).isPositive();
        assertThatExceptionOfType(RunFailed.class)
                .isThrownBy(() -> group.limit(0.5))
                .withMessageContaining("throttle");
    }
}
