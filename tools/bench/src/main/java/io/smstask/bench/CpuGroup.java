package io.smstask.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The processor time of one process with all its threads and children, and the brake on it. */
interface CpuGroup extends AutoCloseable {

    /** The period in which a brake grants its share. */
    int PERIOD_MICROS = 20_000;

    /** Files that a process writes its id to, before it becomes what is measured. */
    List<Path> doors();

    /**
     * The processor time so far, in nanoseconds.
     *
     * @param pid of the process
     */
    long usedNanos(long pid);

    /**
     * Grants no more than a share of one processor from now on.
     *
     * @param share 1 is one whole processor
     */
    void limit(double share);

    /** The process is gone. */
    @Override
    void close();

    /** Where control groups are mounted, whichever version. */
    static CpuGroup open(String name) {
        return open(Path.of("/sys/fs/cgroup"), name);
    }

    /**
     * Makes a group by the means that this machine has, the exact ones first.
     *
     * @param root where control groups are mounted
     */
    static CpuGroup open(Path root, String name) {
        try {
            if (Files.isWritable(root.resolve("cpuacct")) && Files.isDirectory(root.resolve("cpuacct"))) {
                return new V1(
                        Files.createDirectory(root.resolve("cpuacct").resolve(name)),
                        Files.createDirectory(root.resolve("cpu").resolve(name)));
            }
            if (Files.isRegularFile(root.resolve("cgroup.controllers")) && Files.isWritable(root)) {
                return new V2(Files.createDirectory(root.resolve(name)));
            }
        } catch (IOException notAllowed) {
            return new ProcessTimes();
        }
        return new ProcessTimes();
    }

    /** Two hierarchies: one counts, one brakes. */
    record V1(Path counter, Path brake) implements CpuGroup {

        @Override
        public List<Path> doors() {
            return List.of(counter.resolve("cgroup.procs"), brake.resolve("cgroup.procs"));
        }

        @Override
        public long usedNanos(long pid) {
            return Long.parseLong(read(counter.resolve("cpuacct.usage")).strip());
        }

        @Override
        public void limit(double share) {
            write(brake.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
            write(brake.resolve("cpu.cfs_quota_us"), Long.toString(Math.round(share * PERIOD_MICROS)));
        }

        @Override
        public void close() {
            remove(counter);
            remove(brake);
        }
    }

    /** One hierarchy. It counts in microseconds. */
    record V2(Path group) implements CpuGroup {

        @Override
        public List<Path> doors() {
            return List.of(group.resolve("cgroup.procs"));
        }

        @Override
        public long usedNanos(long pid) {
            return read(group.resolve("cpu.stat"))
                    .lines()
                    .filter(line -> line.startsWith("usage_usec "))
                    .mapToLong(line -> TimeUnit.MICROSECONDS.toNanos(Long.parseLong(line.split(" ")[1])))
                    .findFirst()
                    .orElseThrow(() -> new RunFailed("there is no usage_usec in " + group.resolve("cpu.stat")));
        }

        @Override
        public void limit(double share) {
            write(group.resolve("cpu.max"), Math.round(share * PERIOD_MICROS) + " " + PERIOD_MICROS);
        }

        @Override
        public void close() {
            remove(group);
        }
    }

    /** What the kernel tells of any process, in hundredths of a second. There is no brake. */
    record ProcessTimes() implements CpuGroup {

        private static final long NANOS_PER_TICK = TimeUnit.MILLISECONDS.toNanos(10);

        @Override
        public List<Path> doors() {
            return List.of();
        }

        @Override
        public long usedNanos(long pid) {
            String stat = read(Path.of("/proc/" + pid + "/stat"));
            // The name in brackets may hold blanks; user and system time are the 12th and 13th field after it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
        }

        @Override
        public void limit(double share) {
            throw new RunFailed("control groups cannot be written here, so there is nothing to throttle with");
        }

        @Override
        public void close() {
            // Nothing was made.
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void write(Path file, String value) {
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw new RunFailed("cannot write " + value + " to " + file, e);
        }
    }

    /** A group can be removed once the kernel has buried its last process. */
    private static void remove(Path group) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!group.toFile().delete() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
