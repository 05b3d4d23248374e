package io.smstask.aws;

import java.util.Locale;
import java.util.Set;

/**
 * Why a call of AWS failed: the error's name and the HTTP status. AWS's message is dropped, since it quotes names, keys
 * and values.
 *
 * @param name AWS's name without its namespace, for instance {@code AccessDeniedException}, or {@link #NO_ANSWER}, or
 *     {@link #NOT_FROM_AWS}
 * @param httpStatus 0 if no answer came
 */
public record AwsError(String name, int httpStatus) {

    /** Nothing answered in time, or there was no connection. */
    public static final String NO_ANSWER = "no_answer";

    /** The answer names no AWS error or is not JSON: a proxy's page, for instance. */
    public static final String NOT_FROM_AWS = "not_from_aws";

    private static final int MAX_NAME = 64;

    /**
     * Errors that stay until somebody changes the stack, a policy, a key or a table. Expired keys ({@code
     * ExpiredTokenException}) and a wrong clock are not among them: Lambda replaces the keys, and a retry may reach
     * another process.
     *
     * @see
     *     <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">AWS: errors of DynamoDB</a>
     * @see
     *     <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">AWS: GetSecretValue</a>
     */
    private static final Set<String> CONFIGURATION = Set.of(
            // Not allowed.
            "AccessDenied",
            "AccessDeniedException",
            "NotAuthorized",
            "OptInRequired",
            // Access keys that are unknown or wrong.
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
            // No such table, secret or bus; or a table with another key, or without the index.
            "ResourceNotFoundException",
            "ValidationException",
            "UnknownOperationException",
            // A secret whose KMS key is out of reach, a secret that is being deleted, an invalid name.
            "DecryptionFailure",
            "InvalidParameterException",
            "InvalidRequestException");

    /** Keeps the name only if it looks like one: anything may have answered, and the name is logged. */
    public AwsError {
        if (httpStatus == 0) {
            name = NO_ANSWER;
        } else if (!isName(name)) {
            name = NOT_FROM_AWS;
        }
    }

    /** Whether AWS itself answered, with an error. */
    public boolean isFromAws() {
        return !name.equals(NO_ANSWER) && !name.equals(NOT_FROM_AWS);
    }

    /** Whether repeating cannot help until somebody changes the configuration. */
    public boolean isConfiguration() {
        return httpStatus < 500 && (CONFIGURATION.contains(name) || isAboutKey());
    }

    /** Whether it is about the KMS key of a table or a secret; throttling by KMS passes by itself. */
    private boolean isAboutKey() {
        return name.toLowerCase(Locale.ROOT).startsWith("kms") && !name.contains("Throttling");
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLetter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!isLetter && !(c >= '0' && c <= '9') && c != '.' && c != '_') {
                return false;
            }
        }
        return true;
    }
}
