package io.smstask.twilio;

import io.smstask.aws.AwsFailure;
import io.smstask.aws.AwsJson;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets in AWS Secrets Manager.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">AWS:
 *     GetSecretValue</a>
 */
public final class SecretsManagerSource implements SecretSource {

    private final AwsJson secretsManager;
    private final Duration limit;

    /**
     * @param limit how long one read may take, retries included
     */
    public SecretsManagerSource(AwsJson secretsManager, Duration limit) {
        this.secretsManager = secretsManager;
        this.limit = limit;
    }

    @Override
    public Optional<String> read(String id) {
        AwsJson.Answer answer =
                secretsManager.call("secretsmanager.GetSecretValue", "1.1", Map.of("SecretId", id), limit);
        if (answer.error().equals("ResourceNotFoundException")) {
            return Optional.empty();
        }
        if (!answer.isOk()) {
            throw new CredentialsUnavailable(
                    "Secrets Manager did not give the secret with Twilio's credentials",
                    new AwsFailure("Secrets Manager", answer.awsError()));
        }
        if (answer.json().get("SecretString") instanceof String text) {
            return Optional.of(text);
        }
        throw new CredentialsUnavailable(SecretFault.BINARY);
    }
}
