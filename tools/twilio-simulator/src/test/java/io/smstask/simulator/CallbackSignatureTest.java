package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example on Twilio's page about security. */
final class CallbackSignatureTest {
    @Test
    void twilios_example_gives_twilios_signature() {
        var fields = Map.of(
                "CallSid", "CA1234567890ABCDE",
                "Caller", "+14158675310",
                "Digits", "1234",
                "From", "+14158675310",
                "To", "+18005551212");
        assertThat(CallbackSignature.of("12345", "https://example.com/myapp.php?foo=1&bar=2", fields))
                .isEqualTo("L/OH5YylLD5NRKLltdqwSvS0BnU=");
    }
}
