package io.smstask.credentials;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Twilio accounts whose credentials the stack holds: one secret with one account, or, where the secret's id ends with a
 * slash, one secret per AccountSid under that prefix. A secret is
 * {@code {"AccountSid","AuthToken"[,"ApiKeySid","ApiKeySecret"][,"PreviousAuthToken"]}}. What was read is kept for the life
 * of the process; {@link #readAgain} asks for it anew, since a token may have been rotated.
 */
public final class StackCredentials {

    /** How long a secret is not read again for the same account, however many signatures fail. */
    public static final Duration READ_AGAIN_AFTER = Duration.ofSeconds(10);

    private final Optional<String> secretId;
    private final SecretSource source;
    private final Clock clock;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(TwilioAccount account, Instant readAt) {}

    /**
     * @param secretId empty where the stack has no credentials of its own
     */
    public StackCredentials(Optional<String> secretId, SecretSource source, Clock clock) {
        this.secretId = secretId;
        this.source = source;
        this.clock = clock;
    }

    /**
     * The account that the stack sends with where a task names none.
     *
     * @throws CredentialsUnavailable if the secret cannot be read
     */
    public Optional<TwilioAccount> onlyAccount() {
        return secretId.isEmpty() || isPerAccount() ? Optional.empty() : keptOrRead(secretId.get());
    }

    /**
     * This account, if the stack holds its credentials.
     *
     * @throws CredentialsUnavailable if the secret cannot be read
     */
    public Optional<TwilioAccount> account(AccountSid sid) {
        return secretId.isEmpty()
                ? Optional.empty()
                : keptOrRead(idOf(sid)).filter(account -> account.sid().equals(sid));
    }

    /**
     * This account, read anew unless that was done just now.
     *
     * @throws CredentialsUnavailable if the secret cannot be read
     */
    public Optional<TwilioAccount> readAgain(AccountSid sid) {
        if (secretId.isEmpty()) {
            return Optional.empty();
        }
        Kept last = kept.get(idOf(sid));
        return (last != null && isFresh(last) ? Optional.of(last.account()) : read(idOf(sid)))
                .filter(account -> account.sid().equals(sid));
    }

    private boolean isFresh(Kept last) {
        Duration age = Duration.between(last.readAt(), clock.instant());
        // A clock that was set back tells nothing about the time that passed.
        return !age.isNegative() && age.compareTo(READ_AGAIN_AFTER) < 0;
    }

    /** Whether there is one secret per AccountSid, so that a task has to name its account. */
    public boolean isPerAccount() {
        return secretId.orElse("").endsWith("/");
    }

    private String idOf(AccountSid sid) {
        return isPerAccount() ? secretId.orElse("") + sid.value() : secretId.orElse("");
    }

    private Optional<TwilioAccount> keptOrRead(String id) {
        Kept last = kept.get(id);
        return last != null ? Optional.of(last.account()) : read(id);
    }

    private Optional<TwilioAccount> read(String id) {
        Optional<TwilioAccount> account = source.read(id).map(StackCredentials::parse);
        account.ifPresent(found -> kept.put(id, new Kept(found, clock.instant())));
        return account;
    }

    private static TwilioAccount parse(String secret) {
        try {
            Map<String, Object> json = Json.parseObject(secret);
            Optional<TwilioCredentials> apiKey = text(json, "ApiKeySid")
                    .flatMap(sid ->
                            text(json, "ApiKeySecret").map(key -> new TwilioCredentials(sid, new AuthToken(key))));
            return new TwilioAccount(
                    new AccountSid(text(json, "AccountSid").orElse("")),
                    new AuthToken(text(json, "AuthToken").orElse("")),
                    text(json, "PreviousAuthToken").map(AuthToken::new),
                    apiKey);
        } catch (BadJson | IllegalArgumentException e) {
            throw new CredentialsUnavailable(
                    "the secret with Twilio's credentials must be JSON with AccountSid and AuthToken");
        }
    }

    private static Optional<String> text(Map<String, Object> json, String name) {
        return json.get(name) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }
}
