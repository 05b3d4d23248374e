package io.smstask.local;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;

/** The scenarios on LocalStack, the emulator of AWS. Skipped where there is no Docker engine. */
@EnabledIf(value = "hasDocker", disabledReason = "there is no Docker engine to run LocalStack in")
final class LocalStackIT extends StateMachineScenarios<LocalStackStage> {

    LocalStackIT() {
        super("localstack");
    }

    static boolean hasDocker() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @Override
    LocalStackStage set(Path work, Path log) throws IOException, InterruptedException {
        return new LocalStackStage(log);
    }
}
