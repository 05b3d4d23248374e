package io.smstask.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An account that the simulator knows. {@code toString} shows no secret.
 *
 * @param sid {@code AC} and 32 hex digits
 * @param authToken the primary AuthToken, which also signs callbacks
 * @param apiKeys secrets by API key sid; a key can send and read, but never signs
 * @param mainSid the account whose credentials may be used for this one too; empty if it is no subaccount
 */
public record Account(String sid, String authToken, Map<String, String> apiKeys, Optional<String> mainSid) {
    /** An example, for programs and tests that need no account of their own. Its token is public. */
    public static final Account EXAMPLE =
            new Account("AC00000000000000000000000000000001", "0123456789abcdef0123456789abcdef");

    /** Copies the keys. */
    public Account {
        apiKeys = Map.copyOf(apiKeys);
    }

    /** An account without API keys. */
    public Account(String sid, String authToken) {
        this(sid, authToken, Map.of());
    }

    /** An account with API keys. */
    public Account(String sid, String authToken, Map<String, String> apiKeys) {
        this(sid, authToken, apiKeys, Optional.empty());
    }

    /** {@return this account as a subaccount of another one} */
    public Account under(String mainSid) {
        return new Account(sid, authToken, apiKeys, Optional.of(mainSid));
    }

    /** {@return this account with another API key} */
    public Account withApiKey(String keySid, String secret) {
        var keys = new LinkedHashMap<>(apiKeys);
        keys.put(keySid, secret);
        return new Account(sid, authToken, keys, mainSid);
    }

    @Override
    public String toString() {
        return sid;
    }
}
