package io.smstask.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which of the machine's processors what is measured may use, as lists for {@code taskset}. */
final class Processors {

    private final List<Integer> all;

    private Processors(List<Integer> all) {
        this.all = all;
    }

    /** Those that this process may use now. */
    static Processors here() {
        try {
            return parse(Files.readString(Path.of("/proc/self/status")));
        } catch (IOException e) {
            throw new RunFailed("this is no Linux: there is no /proc/self/status", e);
        }
    }

    static Processors parse(String status) {
        String list = status.lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow(() -> new RunFailed("the kernel names no processors"));
        List<Integer> all = new ArrayList<>();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            for (int n = Integer.parseInt(ends[0]); n <= Integer.parseInt(ends[ends.length - 1]); n++) {
                all.add(n);
            }
        }
        return new Processors(all);
    }

    int count() {
        return all.size();
    }

    String all() {
        return list(all);
    }

    /** The last n. */
    String last(int n) {
        return list(all.subList(all.size() - n, all.size()));
    }

    /** The harness's own while the last n are measured: the others, or all where there are no others. */
    String besideLast(int n) {
        return n == all.size() ? all() : list(all.subList(0, all.size() - n));
    }

    /** Moves this process, with all its threads. */
    static void moveTo(String list) {
        try {
            var taskset = new ProcessBuilder(
                            "taskset",
                            "-acp",
                            list,
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (taskset.waitFor() != 0) {
                throw new RunFailed("taskset refuses the processors " + list);
            }
        } catch (IOException e) {
            throw new RunFailed("taskset is missing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailed("interrupted", e);
        }
    }

    private static String list(List<Integer> processors) {
        return processors.stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
