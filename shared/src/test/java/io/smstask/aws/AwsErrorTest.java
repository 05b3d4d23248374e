package io.smstask.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AwsErrorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccessDeniedException",
                "ResourceNotFoundException",
                "UnrecognizedClientException",
                "InvalidSignatureException",
                "MissingAuthenticationTokenException",
                "IncompleteSignature",
                "ValidationException",
                "DecryptionFailure",
                "KMSAccessDeniedException",
                "KMSDisabledException",
                "KMSInvalidStateException",
                "KmsInvalidStateException",
                "KMSNotFoundException"
            })
    void what_only_a_change_of_the_stack_can_cure_is_configuration(String name) {
        assertThat(new AwsError(name, 400).isConfiguration()).isTrue();
        assertThat(new AwsError(name, 400).isFromAws()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "InternalServerError, 500",
        "ServiceUnavailable, 503",
        "AccessDeniedException, 500",
        "ProvisionedThroughputExceededException, 400",
        "ThrottlingException, 400",
        "KMSThrottlingException, 400",
        "ExpiredTokenException, 400",
        "RequestExpired, 400",
        "RequestTimeTooSkewed, 403"
    })
    void what_passes_by_itself_is_an_outage(String name, int httpStatus) {
        assertThat(new AwsError(name, httpStatus).isConfiguration()).isFalse();
        assertThat(new AwsError(name, httpStatus).isFromAws()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "no access for key AKIA", "+15558675310", "<html>", "Ünknown", "a\nb"})
    void what_does_not_look_like_a_name_is_not_from_aws_and_not_kept(String name) {
        AwsError error = new AwsError(name, 403);

        assertThat(error).isEqualTo(new AwsError(AwsError.NOT_FROM_AWS, 403));
        assertThat(error.isFromAws()).isFalse();
        assertThat(error.isConfiguration()).isFalse();
    }

    @Test
    void a_name_has_an_end() {
        assertThat(new AwsError("A".repeat(64), 400).isFromAws()).isTrue();
        assertThat(new AwsError("A".repeat(65), 400).isFromAws()).isFalse();
    }

    @Test
    void it_is_found_behind_other_exceptions() {
        AwsError denied = new AwsError("AccessDeniedException", 400);

        assertThat(AwsFailure.in(new IllegalStateException(new AwsFailure("a call", denied))))
                .contains(denied);
        assertThat(AwsFailure.in(new IllegalStateException("a bug"))).isEmpty();
    }
}
