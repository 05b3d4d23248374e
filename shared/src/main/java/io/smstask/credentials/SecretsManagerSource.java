package io.smstask.credentials;

import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets in AWS Secrets Manager. */
public final class SecretsManagerSource implements SecretSource {

    private final SecretsManagerClient client;

    /** Reads with this client, within its time limit. */
    public SecretsManagerSource(SecretsManagerClient client) {
        this.client = client;
    }

    @Override
    public Optional<String> read(String id) {
        try {
            return Optional.ofNullable(client.getSecretValue(
                            GetSecretValueRequest.builder().secretId(id).build())
                    .secretString());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw new CredentialsUnavailable("Secrets Manager did not give the secret with Twilio's credentials", e);
        }
    }
}
