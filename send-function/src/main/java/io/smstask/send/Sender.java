package io.smstask.send;

import io.smstask.credentials.CredentialsUnavailable;
import io.smstask.credentials.StackCredentials;
import io.smstask.credentials.TwilioAccount;
import io.smstask.credentials.TwilioCredentials;
import io.smstask.seal.CallbackKey;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.TaskId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whose account and whose credentials a task is sent with. */
sealed interface Sender {

    AccountSid account();

    TwilioCredentials credentials();

    /** What the item keeps so that this task's callbacks can be proved genuine. */
    CallbackProof proof(CallbackKey key, TaskId task, SecureRandom random);

    /** The secrets that Twilio's texts might quote. */
    List<String> secrets();

    /** The same sender with credentials read anew; empty where they are the same still, or cannot be read. */
    Optional<Sender> readAgain();

    /**
     * The caller's own tokens: they are kept nowhere but sealed in the item.
     *
     * @param signingAuthToken the account's other token, which may sign callbacks and never sends
     */
    record Caller(AccountSid account, AuthToken authToken, Optional<AuthToken> signingAuthToken) implements Sender {

        @Override
        public TwilioCredentials credentials() {
            return TwilioCredentials.of(account, authToken);
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
                secrets.addAll(
                        TwilioCredentials.of(account, signingAuthToken.get()).secrets());
            }
            return secrets;
        }

        @Override
        public Optional<Sender> readAgain() {
            return Optional.empty();
        }
    }

    /** The stack's own credentials. */
    record Stack(TwilioAccount stackAccount, StackCredentials stack) implements Sender {

        @Override
        public AccountSid account() {
            return stackAccount.sid();
        }

        @Override
        public TwilioCredentials credentials() {
            return stackAccount.forSending();
        }

        @Override
        public CallbackProof proof(CallbackKey key, TaskId task, SecureRandom random) {
            return key.hash();
        }

        @Override
        public List<String> secrets() {
            return stackAccount.secrets();
        }

        @Override
        public Optional<Sender> readAgain() {
            try {
                return stack.readAgain(stackAccount.sid())
                        .filter(now -> !now.forSending().equals(stackAccount.forSending()))
                        .map(now -> new Stack(now, stack));
            } catch (CredentialsUnavailable e) {
                // Twilio has answered, and its answer must be recorded: it stands.
                return Optional.empty();
            }
        }
    }

    /**
     * The sender of a call.
     *
     * @throws InvalidTask if neither the caller nor the stack has credentials for the account
     * @throws io.smstask.credentials.CredentialsUnavailable if the stack's cannot be read
     */
    static Sender of(SendCommand command, StackCredentials stack) {
        if (command.account().isPresent() && command.authToken().isPresent()) {
            return new Caller(command.account().get(), command.authToken().get(), command.signingAuthToken());
        }
        Optional<TwilioAccount> own =
                command.account().isPresent() ? stack.account(command.account().get()) : stack.onlyAccount();
        return own.<Sender>map(account -> new Stack(account, stack)).orElseThrow(() -> missing(command, stack));
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
