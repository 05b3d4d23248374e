package io.smstask.twilio;

import static io.smstask.task.Samples.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.Misconfigured;
import io.smstask.testing.HandClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StackCredentialsTest {

    private static final AccountSid OTHER = new AccountSid("AC00000000000000000000000000000002");

    private final Vault vault = new Vault();
    private final HandClock clock = new HandClock();

    @Test
    void a_stack_without_a_secret_holds_no_account_and_reads_nothing() {
        StackCredentials credentials = new StackCredentials("", vault, clock);

        assertThat(credentials.onlyAccount()).isEmpty();
        assertThat(credentials.account(ACCOUNT)).isEmpty();
        assertThat(credentials.readAgain(ACCOUNT)).isEmpty();
        assertThat(vault.reads).isEmpty();
    }

    @Test
    void one_secret_is_the_account_that_tasks_without_one_are_sent_with() {
        vault.put("smstask/twilio", ACCOUNT, "token-1");
        StackCredentials credentials = holding("smstask/twilio");

        assertThat(credentials.onlyAccount().map(TwilioAccount::sid)).contains(ACCOUNT);
        assertThat(credentials.account(ACCOUNT).map(TwilioAccount::authToken)).contains(new AuthToken("token-1"));
        assertThat(vault.reads).containsExactly("smstask/twilio");
    }

    @Test
    void one_secret_is_no_other_account() {
        vault.put("smstask/twilio", ACCOUNT, "token-1");
        StackCredentials credentials = holding("smstask/twilio");

        assertThat(credentials.account(OTHER)).isEmpty();
        assertThat(credentials.readAgain(OTHER)).isEmpty();
    }

    @Test
    void a_secret_that_holds_another_account_now_is_read_again_for_it_at_most_every_ten_seconds() {
        vault.put("smstask/twilio", ACCOUNT, "token-1");
        StackCredentials credentials = holding("smstask/twilio");
        credentials.onlyAccount();
        vault.put("smstask/twilio", OTHER, "token-2");

        assertThat(credentials.account(OTHER)).isEmpty();
        assertThat(vault.reads).hasSize(1);

        clock.move(StackCredentials.READ_AGAIN_AFTER);
        assertThat(token(credentials.account(OTHER))).isEqualTo("token-2");
        assertThat(credentials.account(ACCOUNT)).isEmpty();
        assertThat(vault.reads).hasSize(2);
    }

    @Test
    void a_prefix_has_one_secret_per_account_and_no_default() {
        vault.put("smstask/" + ACCOUNT, ACCOUNT, "token-1");
        vault.put("smstask/" + OTHER, OTHER, "token-2");
        StackCredentials credentials = holding("smstask/");

        assertThat(credentials.onlyAccount()).isEmpty();
        assertThat(credentials.account(OTHER).map(TwilioAccount::authToken)).contains(new AuthToken("token-2"));
        assertThat(credentials.account(ACCOUNT).map(TwilioAccount::authToken)).contains(new AuthToken("token-1"));
        assertThat(credentials.account(new AccountSid("AC00000000000000000000000000000003")))
                .isEmpty();
    }

    @Test
    void a_secret_filed_under_another_accounts_name_is_not_used() {
        vault.put("smstask/" + ACCOUNT, OTHER, "token-2");

        assertFault(SecretFault.OTHER_ACCOUNT, () -> holding("smstask/").account(ACCOUNT));
    }

    @Test
    void incident_36_the_one_secret_is_missing_until_it_exists() {
        StackCredentials credentials = holding("smstask/twilio");
        assertFault(SecretFault.MISSING, credentials::onlyAccount);
        assertFault(SecretFault.MISSING, () -> credentials.account(ACCOUNT));
        assertFault(SecretFault.MISSING, () -> credentials.readAgain(ACCOUNT));

        vault.put("smstask/twilio", ACCOUNT, "token-1");

        assertThat(credentials.onlyAccount().map(TwilioAccount::sid)).contains(ACCOUNT);
    }

    @Test
    void a_rotated_token_is_read_again_at_most_every_ten_seconds() {
        vault.put("smstask/twilio", ACCOUNT, "token-1");
        StackCredentials credentials = holding("smstask/twilio");
        credentials.account(ACCOUNT);
        vault.put("smstask/twilio", ACCOUNT, "token-2");

        clock.move(Duration.ofMillis(9_999));
        assertThat(token(credentials.readAgain(ACCOUNT))).isEqualTo("token-1");
        assertThat(vault.reads).hasSize(1);

        clock.move(Duration.ofMillis(1));
        assertThat(token(credentials.readAgain(ACCOUNT))).isEqualTo("token-2");
        assertThat(token(credentials.account(ACCOUNT))).isEqualTo("token-2");
        assertThat(token(credentials.readAgain(ACCOUNT))).isEqualTo("token-2");
        assertThat(vault.reads).hasSize(2);
    }

    @Test
    void accounts_of_a_prefix_are_read_again_each_in_their_own_time() {
        vault.put("smstask/" + ACCOUNT, ACCOUNT, "token-1");
        vault.put("smstask/" + OTHER, OTHER, "token-2");
        StackCredentials credentials = holding("smstask/");
        credentials.account(ACCOUNT);

        clock.move(Duration.ofSeconds(6));
        credentials.account(OTHER);
        clock.move(Duration.ofSeconds(6));
        credentials.readAgain(ACCOUNT);
        credentials.readAgain(OTHER);

        assertThat(vault.reads).containsExactly("smstask/" + ACCOUNT, "smstask/" + OTHER, "smstask/" + ACCOUNT);
    }

    @Test
    void the_present_and_the_previous_token_sign_and_an_api_key_sends() {
        vault.secrets.put(
                "id",
                "{\"AccountSid\":\"" + ACCOUNT + "\",\"AuthToken\":\"new\",\"PreviousAuthToken\":\"old\","
                        + "\"ApiKeySid\":\"SK00000000000000000000000000000001\",\"ApiKeySecret\":\"key-secret\"}");
        TwilioAccount account = holding("id").onlyAccount().orElseThrow();

        assertThat(account.forSignatures()).containsExactly(new AuthToken("new"), new AuthToken("old"));
        assertThat(account.forSending())
                .isEqualTo(new TwilioCredentials("SK00000000000000000000000000000001", new AuthToken("key-secret")));
        assertThat(account.toString()).doesNotContain("new", "old", "key-secret");
    }

    @Test
    void an_accounts_secrets_are_all_that_twilios_texts_may_quote() {
        vault.secrets.put("id", Json.writeText(whole()));
        TwilioAccount account = holding("id").onlyAccount().orElseThrow();
        // ApiKeySid:ApiKeySecret, as Basic auth sends them.
        String basic = "U0swMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTpzM2NyZXQtMw==";

        assertThat(account.secrets()).containsExactlyInAnyOrder("s3cret-1", "s3cret-2", "s3cret-3", basic);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"ApiKeySid\":\"\",\"ApiKeySecret\":\"\",\"PreviousAuthToken\":\"\"",
                ",\"ApiKeySid\":null,\"ApiKeySecret\":null,\"note\":\"the token of the shop\""
            })
    void without_an_api_key_the_account_sends_itself(String more) {
        vault.secrets.put("id", "{\"AccountSid\":\"" + ACCOUNT + "\",\"AuthToken\":\"new\"" + more + "}");
        TwilioAccount account = holding("id").onlyAccount().orElseThrow();

        assertThat(account.forSending()).isEqualTo(new TwilioCredentials(ACCOUNT.value(), new AuthToken("new")));
        assertThat(account.forSignatures()).containsExactly(new AuthToken("new"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "NOT_JSON, ``",
                "NOT_JSON, s3cret",
                "NOT_JSON, `[\"s3cret\"]`",
                "NOT_JSON, `{\"AccountSid\":\"AC00000000000000000000000000000001\",\"AuthToken\":\"s3cret\"`",
                "NOT_JSON, `{\"AuthToken\":\"s3cret\",\"AuthToken\":\"s3cret\"}`",
                "NO_ACCOUNT_SID, `{}`",
                "NO_ACCOUNT_SID, `{\"AuthToken\":\"s3cret\"}`",
                "NO_ACCOUNT_SID, `{\"account_sid\":\"AC00000000000000000000000000000001\",\"auth_token\":\"s3cret\"}`",
                "BAD_ACCOUNT_SID, `{\"AccountSid\":\"s3cret\",\"AuthToken\":\"s3cret\"}`",
                "BAD_ACCOUNT_SID, `{\"AccountSid\":\"AC00000000000000000000000000000001\\n\",\"AuthToken\":\"s3cret\"}`",
                "NO_AUTH_TOKEN, `{\"AccountSid\":\"AC00000000000000000000000000000001\"}`",
                "NO_AUTH_TOKEN, `{\"AccountSid\":\"AC00000000000000000000000000000001\",\"AuthToken\":\"\"}`",
                "BAD_AUTH_TOKEN, `{\"AccountSid\":\"AC00000000000000000000000000000001\",\"AuthToken\":12345}`"
            })
    void incident_36_a_secret_that_is_not_as_it_should_be_is_told_by_a_word_and_never_quoted(
            SecretFault fault, String secret) {
        vault.secrets.put("id", secret);

        assertFault(fault, () -> holding("id").onlyAccount());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret\\n",
                "s3cret\\r\\n",
                " s3cret",
                "s3 cret",
                "s3cret\\u007f",
                "s3cret\\u00a0",
                "\\ufeffs3cret",
                "s3cr\u00e9t"
            })
    void a_blank_or_a_line_end_that_was_pasted_along_is_told_with_its_field(String value) {
        Map<String, SecretFault> fields = Map.of(
                "AuthToken", SecretFault.BAD_AUTH_TOKEN,
                "PreviousAuthToken", SecretFault.BAD_PREVIOUS_AUTH_TOKEN,
                "ApiKeySid", SecretFault.BAD_API_KEY_SID,
                "ApiKeySecret", SecretFault.BAD_API_KEY_SECRET);
        fields.forEach((field, fault) -> {
            Map<String, String> secret = whole();
            secret.put(field, "VALUE");
            vault.secrets.put("id", Json.writeText(secret).replace("VALUE", value));

            assertFault(fault, () -> holding("id").onlyAccount());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ApiKeySid", "ApiKeySecret"})
    void incident_36_half_an_api_key_is_refused_and_the_account_does_not_send_in_its_place(String half) {
        Map<String, String> secret = whole();
        secret.remove(half);
        vault.secrets.put("id", Json.writeText(secret));
        assertFault(SecretFault.HALF_API_KEY, () -> holding("id").onlyAccount());
        assertThatThrownBy(() -> holding("id").onlyAccount())
                .hasMessage("the secret with Twilio's credentials: half_api_key");

        secret.put(half, "");
        vault.secrets.put("id", Json.writeText(secret));
        assertFault(SecretFault.HALF_API_KEY, () -> holding("id").onlyAccount());
    }

    private static Map<String, String> whole() {
        return new HashMap<>(Map.of(
                "AccountSid", ACCOUNT.value(),
                "AuthToken", "s3cret-1",
                "PreviousAuthToken", "s3cret-2",
                "ApiKeySid", "SK00000000000000000000000000000001",
                "ApiKeySecret", "s3cret-3"));
    }

    private static void assertFault(SecretFault fault, ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .hasMessage("the secret with Twilio's credentials: " + fault.word())
                .hasNoCause()
                .isInstanceOfSatisfying(CredentialsUnavailable.class, e -> {
                    assertThat(CredentialsUnavailable.faultIn(e)).contains(fault);
                    assertThat(e.forCallers()).isInstanceOf(Misconfigured.class);
                    assertThat(e.forCallers().code()).isEqualTo("misconfigured");
                });
    }

    @Test
    void a_source_that_fails_is_told_and_what_was_read_before_is_kept() {
        vault.put("id", ACCOUNT, "token-1");
        StackCredentials credentials = holding("id");
        credentials.account(ACCOUNT);
        vault.isDown = true;
        clock.move(Duration.ofSeconds(10));

        assertThatThrownBy(() -> credentials.readAgain(ACCOUNT))
                .isInstanceOfSatisfying(
                        CredentialsUnavailable.class,
                        e -> assertThat(e.forCallers().code()).isEqualTo("store_unavailable"));
        assertThat(token(credentials.account(ACCOUNT))).isEqualTo("token-1");
    }

    private StackCredentials holding(String secretId) {
        return new StackCredentials(secretId, vault, clock);
    }

    private static String token(Optional<TwilioAccount> account) {
        return account.orElseThrow().authToken().reveal();
    }

    /** Secrets in memory; counts the reads. */
    private static final class Vault implements SecretSource {

        private final Map<String, String> secrets = new HashMap<>();
        private final List<String> reads = new ArrayList<>();
        private boolean isDown;

        private void put(String id, AccountSid account, String token) {
            secrets.put(id, "{\"AccountSid\":\"" + account + "\",\"AuthToken\":\"" + token + "\"}");
        }

        @Override
        public Optional<String> read(String id) {
            reads.add(id);
            if (isDown) {
                throw new CredentialsUnavailable("the vault is down", new IllegalStateException("down"));
            }
            return Optional.ofNullable(secrets.get(id));
        }
    }
}
