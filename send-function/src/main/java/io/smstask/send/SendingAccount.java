package io.smstask.send;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.TaskId;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioAccount;
import io.smstask.twilio.TwilioCredentials;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The account and credentials that a task is sent with. */
sealed interface SendingAccount {

    AccountSid sid();

    TwilioCredentials credentials();

    /** What the item stores to verify this task's callbacks. */
    CallbackProof proof(CallbackKey key, TaskId task, SecureRandom random);

    /** The secrets that Twilio's texts might quote. */
    List<String> secrets();

    /** The same account with credentials read anew; empty if they have not changed, or cannot be read. */
    Optional<SendingAccount> readAgain();

    /**
     * The caller's own tokens, stored only sealed in the item.
     *
     * @param signingAuthToken the account's other token, which may sign callbacks and never sends
     */
    record OfCaller(AccountSid sid, AuthToken authToken, Optional<AuthToken> signingAuthToken)
            implements SendingAccount {

        @Override
        public TwilioCredentials credentials() {
            return TwilioCredentials.of(sid, authToken);
        }

        @Override
        public CallbackProof proof(CallbackKey key, TaskId task, SecureRandom random) {
            return signingAuthToken.isPresent()
                    ? key.seal(authToken, signingAuthToken.get(), task, random)
                    : key.seal(authToken, task, random);
        }

        @Override
        public List<String> secrets() {
            List<String> secrets = new ArrayList<>(credentials().secrets());
            if (signingAuthToken.isPresent()) {
                secrets.addAll(TwilioCredentials.of(sid, signingAuthToken.get()).secrets());
            }
            return secrets;
        }

        @Override
        public Optional<SendingAccount> readAgain() {
            return Optional.empty();
        }
    }

    /** The stack's own credentials. */
    record OfStack(TwilioAccount account, StackCredentials stack) implements SendingAccount {

        @Override
        public AccountSid sid() {
            return account.sid();
        }

        @Override
        public TwilioCredentials credentials() {
            return account.forSending();
        }

        @Override
        public CallbackProof proof(CallbackKey key, TaskId task, SecureRandom random) {
            return key.hash();
        }

        @Override
        public List<String> secrets() {
            return account.secrets();
        }

        @Override
        public Optional<SendingAccount> readAgain() {
            try {
                Optional<TwilioAccount> now = stack.readAgain(account.sid());
                return now.isPresent() && !now.get().forSending().equals(account.forSending())
                        ? Optional.of(new OfStack(now.get(), stack))
                        : Optional.empty();
            } catch (CredentialsUnavailable e) {
                // Twilio's answer stands and must be recorded.
                return Optional.empty();
            }
        }
    }

    /**
     * The account that a call sends with.
     *
     * @throws InvalidTask if neither the caller nor the stack has credentials for the account
     * @throws io.smstask.twilio.CredentialsUnavailable if the stack's cannot be read
     */
    static SendingAccount of(SendCommand command, StackCredentials stack) {
        if (command.account().isPresent() && command.authToken().isPresent()) {
            return new OfCaller(command.account().get(), command.authToken().get(), command.signingAuthToken());
        }
        Optional<TwilioAccount> own =
                command.account().isPresent() ? stack.account(command.account().get()) : stack.onlyAccount();
        if (own.isEmpty()) {
            throw missing(command, stack);
        }
        return new OfStack(own.get(), stack);
    }

    private static InvalidTask missing(SendCommand command, StackCredentials stack) {
        List<Problem> problems = new ArrayList<>();
        if (command.account().isEmpty()) {
            problems.add(new Problem("AccountSid", "is required: this stack has no single account of its own"));
        }
        if (command.account().isPresent() || !stack.isPerAccount()) {
            problems.add(new Problem("AuthToken", "is required: this stack holds none for the account"));
        }
        return new InvalidTask(problems);
    }
}
