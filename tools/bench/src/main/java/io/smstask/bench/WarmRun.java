package io.smstask.bench;

import io.smstask.lambdaprocess.Launch;
import java.nio.file.Path;

/**
 * A process that has been running for a while.
 *
 * @param overheadMs of each invocation: from event to answer, without the time that DynamoDB and Twilio took
 * @param cpuMs processor time of one invocation
 * @param memoryMb held at the end
 */
record WarmRun(double[] overheadMs, double cpuMs, double memoryMb) {

    static final int WARM_UPS = 200;
    static final int MEASURED = 400;

    private static final double NANOS_PER_MS = 1e6;

    /**
     * Runs one.
     *
     * @throws RunFailed if one invocation was not as it should be
     */
    static WarmRun of(
            Job job, Launch launch, Recording recording, Downstream downstream, Path scratch, String processors) {
        downstream.answer(recording.play(0)::reply);
        try (var run = Execution.start(launch, scratch, processors)) {
            double[] overhead = new double[MEASURED];
            long cpu = 0;
            for (int n = 0; n < WARM_UPS + MEASURED; n++) {
                run.awaitNext();
                if (n == WARM_UPS) {
                    cpu = run.cpuNanos();
                }
                downstream.answer(recording.play(n)::reply);
                var answer = run.invoke(recording.event().apply(n));
                var served = downstream.served();
                ColdRun.requireGood(run, job, recording, answer, served);
                if (n >= WARM_UPS) {
                    long waited =
                            served.stream().mapToLong(Downstream.Served::nanos).sum();
                    overhead[n - WARM_UPS] = (answer.received() - answer.handedOut() - waited) / NANOS_PER_MS;
                }
            }
            run.awaitNext();
            return new WarmRun(overhead, (run.cpuNanos() - cpu) / NANOS_PER_MS / MEASURED, run.memoryKb() / 1024.0);
        } finally {
            downstream.rest();
        }
    }
}
