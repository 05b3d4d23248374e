package io.smstask.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The variables that every function finds, and the settings that all variants share. */
final class LambdaEnvironment {

    private LambdaEnvironment() {}

    /**
     * Variables as Lambda sets them.
     *
     * @param memoryMb the function's memory
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">AWS: environment variables</a>
     */
    static Map<String, String> of(String runtime, String handler, Path taskRoot, int memoryMb) {
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "bench");
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memoryMb));
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/smstask/bench");
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "bench");
        variables.put("AWS_LAMBDA_LOG_FORMAT", "Text");
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + runtime);
        variables.put("AWS_REGION", "eu-central-1");
        variables.put("AWS_DEFAULT_REGION", "eu-central-1");
        variables.put("AWS_ACCESS_KEY_ID", "ASIAEXAMPLEEXAMPLE00");
        variables.put("AWS_SECRET_ACCESS_KEY", "0000000000000000000000000000000000000000");
        variables.put("AWS_SESSION_TOKEN", "example-session-token");
        variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("_HANDLER", handler);
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        variables.put("TASKS_TABLE", Rehearsal.TABLE);
        variables.put("CALLBACK_BASE_URL", Events.CALLBACK_BASE_URL);
        return variables;
    }
}
