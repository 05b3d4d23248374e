package io.smstask.tell;

import io.smstask.aws.AwsJson;
import io.smstask.json.Json;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.TaskJson;
import io.smstask.task.Task;
import io.smstask.task.TaskToken;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Resumes executions by Step Functions, with the task as their output.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html">AWS:
 *     SendTaskSuccess</a>
 */
public final class StepFunctions implements WaitingExecutions {

    /** The token was used, has expired or never existed, so trying again would not help. */
    private static final Set<String> NOBODY_WAITS = Set.of("TaskTimedOut", "InvalidToken", "TaskDoesNotExist");

    private final AwsJson stepFunctions;
    private final FailureCounts failures;

    /**
     * @param failures counts the calls that Step Functions refused
     */
    public StepFunctions(AwsJson stepFunctions, FailureCounts failures) {
        this.stepFunctions = stepFunctions;
        this.failures = failures;
    }

    @Override
    public boolean resume(TaskToken token, Task task, Duration limit) {
        AwsJson.Answer answer = stepFunctions.call(
                "AWSStepFunctions.SendTaskSuccess",
                "1.0",
                Map.of("taskToken", token.reveal(), "output", Json.writeText(TaskJson.of(task))),
                limit);
        if (answer.isOk() || NOBODY_WAITS.contains(answer.error())) {
            return true;
        }
        failures.add("execution_not_resumed", answer.awsError());
        return false;
    }
}
