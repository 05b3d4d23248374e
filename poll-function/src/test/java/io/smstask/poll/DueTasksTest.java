package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex.Due;
import io.smstask.testing.TestContext;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DueTasksTest {

    private final FailureCounts failures = new FailureCounts();
    private final DueTasks tasks = new DueTasks(failures);

    @Test
    void parts_that_are_in_order_are_merged_into_one_order() {
        tasks.read(part(1, 4, 5));
        tasks.read(part());
        tasks.read(part(2, 3, 6));

        assertThat(rest()).containsExactly("task-1", "task-2", "task-3", "task-4", "task-5", "task-6");
    }

    @Test
    void incident_43_a_part_that_fails_is_counted_and_hides_no_other() {
        tasks.read(failing());
        tasks.read(part(1, 2));

        assertThat(rest()).containsExactly("task-1", "task-2");
        TestContext context = new TestContext(PollFixture.RUN);
        failures.write(new Log(context));
        assertThat(context.lines())
                .isEqualTo("{\"message\":\"store_unavailable\",\"store_unavailable\":1,\"count\":1}\n");
    }

    @Test
    void after_three_parts_without_an_answer_no_other_is_asked() {
        for (int i = 0; i < 3; i++) {
            tasks.read(failing());
        }
        tasks.read(part(1));

        assertThat(rest()).isEmpty();
    }

    private List<String> rest() {
        List<String> rest = new ArrayList<>();
        for (Optional<Due> task = tasks.next(); task.isPresent(); task = tasks.next()) {
            rest.add(task.get().id().value());
        }
        return rest;
    }

    private static Iterator<Due> part(int... times) {
        return IntStream.of(times)
                .mapToObj(time -> new Due(new TaskId("task-" + time), BigDecimal.valueOf(time)))
                .iterator();
    }

    private static Iterator<Due> failing() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                throw new StoreUnavailable("the test's index does not answer");
            }

            @Override
            public Due next() {
                throw new AssertionError("it has no next");
            }
        };
    }
}
