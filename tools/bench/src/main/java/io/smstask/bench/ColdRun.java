package io.smstask.bench;

import io.smstask.lambdaprocess.Launch;
import io.smstask.lambdaprocess.Reported;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A fresh process from its start to its first answer.
 *
 * @param initMs from the start to the first request for an event
 * @param firstMs from the event to its answer
 * @param totalMs from the start to that answer
 * @param cpuInitMs processor time of the first part
 * @param cpuMs processor time of all
 * @param peakMb the most memory held
 * @param repeats calls that a client made again, since the answer took it too long
 */
record ColdRun(
        double initMs, double firstMs, double totalMs, double cpuInitMs, double cpuMs, double peakMb, int repeats) {

    private static final double NANOS_PER_MS = 1e6;

    /**
     * Runs one.
     *
     * @param processors that it may use
     * @param share of a processor from the first request for an event on; Lambda's init has a whole one
     * @throws RunFailed if it did not answer well, or called anything but what it called when it was recorded
     */
    static ColdRun of(
            Job job,
            Launch launch,
            Recording recording,
            Downstream downstream,
            Path scratch,
            String processors,
            OptionalDouble share) {
        downstream.answer(recording.play(0)::reply);
        try (var run = Execution.start(launch, scratch, processors)) {
            long next = run.awaitNext();
            long cpuInit = run.cpuNanos();
            share.ifPresent(run::limitCpu);
            var answer = run.invoke(recording.event().apply(0));
            long cpu = run.cpuNanos();
            double peak = run.peakMemoryKb() / 1024.0;
            var served = downstream.served();
            requireGood(run, job, recording, answer, served);
            int repeats =
                    (int) served.stream().filter(one -> one.call().isRepeated()).count();
            double init = next - run.started();
            double first = answer.received() - answer.handedOut();
            return new ColdRun(
                    init / NANOS_PER_MS,
                    first / NANOS_PER_MS,
                    (answer.received() - run.started()) / NANOS_PER_MS,
                    cpuInit / NANOS_PER_MS,
                    cpu / NANOS_PER_MS,
                    peak,
                    repeats);
        } finally {
            downstream.rest();
        }
    }

    /** A figure counts only if the job was done. */
    static void requireGood(
            Execution run, Job job, Recording recording, Reported answer, List<Downstream.Served> served) {
        if (!job.isAnsweredBy(Events.status(answer.body()))) {
            throw run.failed("it answered " + answer.body());
        }
        served.stream().filter(call -> !call.failure().isEmpty()).findFirst().ifPresent(call -> {
            throw run.failed(call.failure());
        });
        List<String> calls = served.stream()
                .map(Downstream.Served::call)
                .filter(call -> call.isAboutTask() && !call.isRepeated())
                .map(DownstreamCall::key)
                .toList();
        if (!calls.equals(recording.calls())) {
            throw run.failed("it called " + calls + " and not, as before, " + recording.calls());
        }
    }
}
