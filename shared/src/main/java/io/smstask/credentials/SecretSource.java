package io.smstask.credentials;

import java.util.Optional;

/** Where secrets are kept. */
@FunctionalInterface
public interface SecretSource {

    /**
     * A secret's text.
     *
     * @param id name or ARN
     * @return empty where there is no such secret
     * @throws CredentialsUnavailable if the source does not answer in time or refuses, or the secret is no text
     */
    Optional<String> read(String id);
}
