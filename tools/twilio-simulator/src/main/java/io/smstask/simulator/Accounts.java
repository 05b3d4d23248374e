package io.smstask.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Authenticates requests: HTTP Basic with AccountSid and AuthToken, or with an API key and its secret. */
final class Accounts {
    private record Login(Account account, String secret) {}

    /** Signs as another account if the simulator has only one. The token is public. */
    private static final Account OTHER_ACCOUNT =
            new Account("ACffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff");

    private final List<Account> accounts;
    private final Map<String, Login> logins = new ConcurrentHashMap<>();

    Accounts(List<Account> accounts) {
        this.accounts = List.copyOf(accounts);
        for (Account account : accounts) {
            logins.put(account.sid(), new Login(account, account.authToken()));
            account.apiKeys().forEach((key, secret) -> logins.put(key, new Login(account, secret)));
        }
    }

    /** {@return the account that an {@code Authorization} header authenticates; the header may be empty} */
    Optional<Account> authenticated(String authorization) {
        if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            var pair = new String(
                    Base64.getDecoder().decode(authorization.substring(6).trim()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.ofNullable(logins.get(pair.substring(0, colon)))
                            .filter(login -> same(login.secret, pair.substring(colon + 1)))
                            .map(Login::account);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Refuses an API key from now on. */
    void revoke(String keySid) {
        logins.remove(keySid);
    }

    /** {@return the account whose sid and signature the callbacks of an account's message carry} */
    Account poster(Account account, CallbackPlan.Signing signing) {
        return switch (signing) {
            case CORRECT -> account;
            case WRONG -> new Account(account.sid(), "not the token of " + account.sid());
            case ANOTHER_ACCOUNT ->
                accounts.stream()
                        .filter(other -> !other.sid().equals(account.sid()))
                        .findFirst()
                        .orElse(OTHER_ACCOUNT);
        };
    }

    /** {@return a subaccount of an account; empty if there is none with that sid} */
    Optional<Account> subaccount(Account main, String sid) {
        return accounts.stream()
                .filter(account -> account.sid().equals(sid))
                .filter(account -> account.mainSid().filter(main.sid()::equals).isPresent())
                .findFirst();
    }

    /** {@return all AuthTokens and API secrets} */
    List<String> secrets() {
        return logins.values().stream().map(Login::secret).toList();
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
