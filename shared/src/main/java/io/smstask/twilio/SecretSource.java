package io.smstask.twilio;

import java.util.Optional;

/** Where secrets are kept. */
@FunctionalInterface
public interface SecretSource {

    /**
     * A secret's text.
     *
     * @param id name or ARN
     * @return empty if there is no such secret
     * @throws CredentialsUnavailable if the source does not answer in time or refuses, or the secret is not text
     */
    Optional<String> read(String id);
}
