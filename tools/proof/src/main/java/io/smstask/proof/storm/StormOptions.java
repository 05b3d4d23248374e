package io.smstask.proof.storm;

/**
 * Options of a storm.
 *
 * @param tasks from 1 to {@value #MOST_TASKS}: the simulator does not keep the callbacks of more
 * @param seed decides the tasks and their faults
 * @param callers the number of concurrent callers
 */
public record StormOptions(int tasks, long seed, int callers) {

    /** The most tasks that one storm can check. */
    public static final int MOST_TASKS = 12_000;

    private static final int MOST_CALLERS = 128;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException naming what is out of its range
     */
    public StormOptions {
        if (tasks < 1 || tasks > MOST_TASKS) {
            throw new IllegalArgumentException("tasks must be from 1 to " + MOST_TASKS);
        }
        if (callers < 1 || callers > MOST_CALLERS) {
            throw new IllegalArgumentException("callers must be from 1 to " + MOST_CALLERS);
        }
    }
}
