package io.smstask.aws;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Why AWS did not do what it was asked: the name of its error and the HTTP status. AWS's message is left behind, since it
 * quotes names, keys and values.
 *
 * @param name AWS's own without its namespace, for instance {@code AccessDeniedException}, or {@link #NO_ANSWER}, or
 *     {@link #NOT_FROM_AWS}
 * @param httpStatus 0 where no answer came
 */
public record AwsError(String name, int httpStatus) {

    /** Nothing answered in time, or there was no connection. */
    public static final String NO_ANSWER = "no_answer";

    /** What answered names no error of AWS's, or is not JSON: a proxy's page, for instance. */
    public static final String NOT_FROM_AWS = "not_from_aws";

    private static final int MAX_NAME = 64;

    /**
     * What stays as it is until somebody changes the stack, a policy, a key or a table. Keys that have expired
     * ({@code ExpiredTokenException}) are not among them, nor is a wrong clock: Lambda replaces the keys, and a repeat may
     * reach another process.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">AWS: errors of
     *     DynamoDB</a>
     * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">AWS:
     *     GetSecretValue</a>
     */
    private static final Set<String> CONFIGURATION = Set.of(
            // Not allowed.
            "AccessDenied",
            "AccessDeniedException",
            "NotAuthorized",
            "OptInRequired",
            // Keys that AWS does not know, or that do not fit.
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
            // A secret under a key that is out of reach, a secret that is being deleted, a name that can be none.
            "DecryptionFailure",
            "InvalidParameterException",
            "InvalidRequestException");

    /** Keeps a name only if it looks like one: it comes from whoever answered, and is logged. */
    public AwsError {
        if (httpStatus == 0) {
            name = NO_ANSWER;
        } else if (!isName(name)) {
            name = NOT_FROM_AWS;
        }
    }

    /** The error of one of the SDK's exceptions. */
    public static AwsError of(SdkException e) {
        if (e instanceof AwsServiceException refused) {
            String code = refused.awsErrorDetails() == null
                    ? null
                    : refused.awsErrorDetails().errorCode();
            return new AwsError(code == null ? "" : code, refused.statusCode());
        }
        return new AwsError("", 0);
    }

    /** The error of the SDK's exception that is this one, or its nearest cause; empty where there is none. */
    public static Optional<AwsError> in(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SdkException e) {
                return Optional.of(of(e));
            }
        }
        return Optional.empty();
    }

    /** Whether a service of AWS's answered with an error of its own. */
    public boolean isFromAws() {
        return !name.equals(NO_ANSWER) && !name.equals(NOT_FROM_AWS);
    }

    /** Whether it stays so until somebody changes the configuration, however often the call is repeated. */
    public boolean isConfiguration() {
        return httpStatus < 500 && (CONFIGURATION.contains(name) || isAboutKey());
    }

    /** An error about the KMS key of a table or a secret; its throttling passes. */
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
