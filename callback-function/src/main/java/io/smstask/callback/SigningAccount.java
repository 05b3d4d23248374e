package io.smstask.callback;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.Task;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioAccount;
import io.smstask.twilio.TwilioCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The account that a task was sent with, whose tokens sign the task's callbacks. */
sealed interface SigningAccount {

    /**
     * Whether one of its tokens signed the form for that URL.
     *
     * @throws CredentialsUnavailable if the tokens cannot be read
     */
    boolean hasSigned(String url, CallbackForm form, TwilioSignature signature);

    /** The secrets that Twilio's texts might quote. */
    List<String> secrets();

    /** The caller's own tokens, unsealed. */
    record OfCaller(AccountSid sid, List<AuthToken> tokens) implements SigningAccount {

        @Override
        public boolean hasSigned(String url, CallbackForm form, TwilioSignature signature) {
            return signature.isBy(tokens, url, form);
        }

        @Override
        public List<String> secrets() {
            List<String> secrets = new ArrayList<>();
            for (AuthToken token : tokens) {
                secrets.addAll(TwilioCredentials.of(sid, token).secrets());
            }
            return secrets;
        }
    }

    /** The stack's own credentials. */
    record OfStack(AccountSid sid, StackCredentials stack) implements SigningAccount {

        @Override
        public boolean hasSigned(String url, CallbackForm form, TwilioSignature signature) {
            if (signature.isBy(account(false).forSignatures(), url, form)) {
                return true;
            }
            // The token may have been rotated since the secret was read.
            return signature.isBy(account(true).forSignatures(), url, form);
        }

        @Override
        public List<String> secrets() {
            return account(false).secrets();
        }

        private TwilioAccount account(boolean isReadAgain) {
            Optional<TwilioAccount> account = isReadAgain ? stack.readAgain(sid) : stack.account(sid);
            if (account.isEmpty()) {
                throw new CredentialsUnavailable(SecretFault.NO_SUCH_ACCOUNT);
            }
            return account.get();
        }
    }

    /** The account of this task; empty if the key is not the task's. */
    static Optional<SigningAccount> of(Task task, CallbackKey key, StackCredentials stack) {
        AccountSid sid = task.sms().account();
        return task.claim().proof().match(new CallbackProof.Cases<>() {
            @Override
            public Optional<SigningAccount> sealedToken(CallbackProof.SealedToken sealed) {
                List<AuthToken> tokens = key.unseal(sealed, task.id());
                return tokens.isEmpty() ? Optional.empty() : Optional.of(new OfCaller(sid, tokens));
            }

            @Override
            public Optional<SigningAccount> keyHash(CallbackProof.KeyHash hash) {
                return key.matches(hash) ? Optional.of(new OfStack(sid, stack)) : Optional.empty();
            }
        });
    }
}
