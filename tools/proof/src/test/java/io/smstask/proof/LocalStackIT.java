package io.smstask.proof;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.testcontainers.DockerClientFactory;

/**
 * The scenarios on LocalStack, the emulator of AWS. It takes a Docker engine and a download of gigabytes, so it runs only where
 * it is asked for.
 */
@EnabledIfEnvironmentVariable(
        named = "LOCALSTACK",
        matches = ".+",
        disabledReason = "LOCALSTACK is not set: the scenarios do not run on LocalStack")
@EnabledIf(value = "hasDocker", disabledReason = "there is no Docker engine to run LocalStack in")
final class LocalStackIT extends StateMachineScenarios<StackOnLocalStack> {

    LocalStackIT() {
        super("localstack");
    }

    static boolean hasDocker() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @Override
    StackOnLocalStack startStack(Path work, Path log) throws IOException, InterruptedException {
        return new StackOnLocalStack(log);
    }
}
