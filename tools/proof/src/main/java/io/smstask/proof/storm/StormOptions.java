package io.smstask.proof.storm;

/**
 * How a storm runs.
 *
 * @param tasks from 1 to {@value #MOST_TASKS}: the simulator forgets the oldest of more callbacks than that many tasks have
 * @param seed the same one gives the same tasks, and each task the same faults
 * @param callers how many call at the same time
 */
public record StormOptions(int tasks, long seed, int callers) {

    /** The most tasks that one storm can judge. */
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
