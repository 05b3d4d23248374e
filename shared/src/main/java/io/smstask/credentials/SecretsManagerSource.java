package io.smstask.credentials;

import io.smstask.aws.Once;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets in AWS Secrets Manager. */
public final class SecretsManagerSource implements SecretSource {

    private final Supplier<SecretsManagerClient> client;

    /**
     * Reads with this client, within its time limit.
     *
     * @param newClient called at the first read: a stack without secrets is spared the client's classes
     */
    public SecretsManagerSource(Supplier<SecretsManagerClient> newClient) {
        this.client = new Once<>(newClient);
    }

    @Override
    public Optional<String> read(String id) {
        try {
            return Optional.ofNullable(client.get()
                    .getSecretValue(GetSecretValueRequest.builder().secretId(id).build())
                    .secretString());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw new CredentialsUnavailable("Secrets Manager did not give the secret with Twilio's credentials", e);
        }
    }
}
