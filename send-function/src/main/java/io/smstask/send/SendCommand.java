package io.smstask.send;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Sms;
import io.smstask.task.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A caller's request to send, validated.
 *
 * @param account empty if the stack's own account is to send
 * @param authToken the caller's own; empty if the stack's credentials are to be used
 * @param signingAuthToken the account's other token, which may sign callbacks; only beside {@code authToken}
 * @param context the caller's own JSON object, as JSON text
 */
record SendCommand(
        TaskId id,
        Optional<AccountSid> account,
        Optional<AuthToken> authToken,
        Optional<AuthToken> signingAuthToken,
        PhoneNumber to,
        Optional<PhoneNumber> from,
        Optional<MessageText> body,
        Map<String, List<String>> further,
        Optional<String> context) {

    /** The message, once it is known whose account sends it. */
    Sms sms(AccountSid sendingAccount) {
        return new Sms(sendingAccount, to, from, body, further);
    }

    /** The task and masked numbers; text, further parameters and context stay private. */
    @Override
    public String toString() {
        return "SendCommand[" + id + ", " + from.map(PhoneNumber::toString).orElse("-") + " to " + to + "]";
    }
}
