package io.smstask.twilio;

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
 * The Twilio accounts whose credentials the stack holds: one secret with one account, or, where the secret's id ends
 * with a slash, one secret per AccountSid under that prefix. A secret is
 * {@code {"AccountSid","AuthToken"[,"ApiKeySid","ApiKeySecret"][,"PreviousAuthToken"]}}. Secrets are cached for the
 * life of the process; {@link #readAgain} reads one anew, since a token may have been rotated.
 */
public final class StackCredentials {

    /** The shortest time between two reads for one account, however many signatures fail. */
    public static final Duration READ_AGAIN_AFTER = Duration.ofSeconds(10);

    private final String secretId;
    private final SecretSource source;
    private final Clock clock;
    private final Map<String, KeptAccount> kept = new ConcurrentHashMap<>();

    private record KeptAccount(TwilioAccount account, Instant readAt) {}

    /**
     * @param secretId empty if the stack has no credentials of its own
     */
    public StackCredentials(String secretId, SecretSource source, Clock clock) {
        this.secretId = secretId;
        this.source = source;
        this.clock = clock;
    }

    /**
     * The account that the stack uses if a task names none.
     *
     * @throws CredentialsUnavailable if the secret cannot be read or is invalid
     */
    public Optional<TwilioAccount> onlyAccount() {
        return secretId.isEmpty() || isPerAccount() ? Optional.empty() : keptOrRead(secretId);
    }

    /**
     * This account, if the stack holds its credentials.
     *
     * @throws CredentialsUnavailable if the secret cannot be read or is invalid
     */
    public Optional<TwilioAccount> account(AccountSid sid) {
        if (secretId.isEmpty()) {
            return Optional.empty();
        }
        Optional<TwilioAccount> found = keptOrRead(idOf(sid));
        // The secret may hold this one by now.
        return found.isEmpty() || isOf(sid, found.get()) ? found : readAgain(sid);
    }

    private static boolean isOf(AccountSid sid, TwilioAccount account) {
        return account.sid().value().equals(sid.value());
    }

    /**
     * This account, read anew unless it was read within {@link #READ_AGAIN_AFTER}.
     *
     * @throws CredentialsUnavailable if the secret cannot be read or is invalid
     */
    public Optional<TwilioAccount> readAgain(AccountSid sid) {
        if (secretId.isEmpty()) {
            return Optional.empty();
        }
        KeptAccount last = kept.get(idOf(sid));
        Optional<TwilioAccount> found = last != null && isFresh(last) ? Optional.of(last.account()) : read(idOf(sid));
        return found.isPresent() && isOf(sid, found.get()) ? found : Optional.empty();
    }

    private boolean isFresh(KeptAccount last) {
        Duration age = Duration.between(last.readAt(), clock.instant());
        // If the clock was set back, the time that passed is unknown.
        return !age.isNegative() && age.compareTo(READ_AGAIN_AFTER) < 0;
    }

    /** Whether there is one secret per AccountSid, so that a task has to name its account. */
    public boolean isPerAccount() {
        return secretId.endsWith("/");
    }

    private String idOf(AccountSid sid) {
        return isPerAccount() ? secretId + sid.value() : secretId;
    }

    private Optional<TwilioAccount> keptOrRead(String id) {
        KeptAccount last = kept.get(id);
        return last != null ? Optional.of(last.account()) : read(id);
    }

    private Optional<TwilioAccount> read(String id) {
        Optional<String> secret = source.read(id);
        if (secret.isEmpty()) {
            if (isPerAccount()) {
                return Optional.empty();
            }
            throw new CredentialsUnavailable(SecretFault.MISSING);
        }
        TwilioAccount account = parse(secret.get());
        if (isPerAccount() && !idOf(account.sid()).equals(id)) {
            throw new CredentialsUnavailable(SecretFault.OTHER_ACCOUNT);
        }
        kept.put(id, new KeptAccount(account, clock.instant()));
        return Optional.of(account);
    }

    private static TwilioAccount parse(String secret) {
        Map<String, Object> json;
        try {
            json = Json.parseObject(secret);
        } catch (BadJson e) {
            throw new CredentialsUnavailable(SecretFault.NOT_JSON);
        }
        String sid = text(json, "AccountSid", SecretFault.BAD_ACCOUNT_SID);
        String token = text(json, "AuthToken", SecretFault.BAD_AUTH_TOKEN);
        String previous = text(json, "PreviousAuthToken", SecretFault.BAD_PREVIOUS_AUTH_TOKEN);
        String keySid = text(json, "ApiKeySid", SecretFault.BAD_API_KEY_SID);
        String keySecret = text(json, "ApiKeySecret", SecretFault.BAD_API_KEY_SECRET);
        check(!sid.isEmpty(), SecretFault.NO_ACCOUNT_SID);
        check(AccountSid.isValid(sid), SecretFault.BAD_ACCOUNT_SID);
        check(!token.isEmpty(), SecretFault.NO_AUTH_TOKEN);
        // With half a key the AuthToken would be used, and nobody would notice.
        check(keySid.isEmpty() == keySecret.isEmpty(), SecretFault.HALF_API_KEY);
        return new TwilioAccount(
                new AccountSid(sid),
                new AuthToken(token),
                previous.isEmpty() ? Optional.empty() : Optional.of(new AuthToken(previous)),
                keySid.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new TwilioCredentials(keySid, new AuthToken(keySecret))));
    }

    private static void check(boolean isRight, SecretFault otherwise) {
        if (!isRight) {
            throw new CredentialsUnavailable(otherwise);
        }
    }

    /**
     * A field's text; empty if it is left out. Twilio's values never hold a blank or a line end: one was pasted along.
     */
    private static String text(Map<String, Object> json, String name, SecretFault otherwise) {
        Object value = json.get(name);
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            throw new CredentialsUnavailable(otherwise);
        }
        for (int i = 0; i < text.length(); i++) {
            check(text.charAt(i) > ' ' && text.charAt(i) < 0x7F, otherwise);
        }
        return text;
    }
}
