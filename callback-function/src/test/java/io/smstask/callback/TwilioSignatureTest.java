package io.smstask.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.security.RequestValidator;
import io.smstask.task.AuthToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twilio's published examples, and each part that is signed. */
final class TwilioSignatureTest {

    private static final AuthToken TOKEN = new AuthToken("12345");
    private static final String URL = "https://example.com/myapp.php?foo=1&bar=2";
    private static final String BODY =
            "CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234" + "&From=%2B14158675310&To=%2B18005551212";
    private static final TwilioSignature SIGNATURE = new TwilioSignature("L/OH5YylLD5NRKLltdqwSvS0BnU=");

    @Test
    void twilios_published_example_holds() throws BadForm {
        assertThat(SIGNATURE.isBy(List.of(TOKEN), URL, form(BODY))).isTrue();
    }

    @Test
    void twilios_earlier_example_holds() throws BadForm {
        String body = BODY.replace("14158675310", "12349013030");

        assertThat(new TwilioSignature("0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
                        .isBy(List.of(TOKEN), "https://mycompany.com/myapp.php?foo=1&bar=2", form(body)))
                .isTrue();
    }

    @Test
    void the_order_of_fields_does_not_count() throws BadForm {
        List<String> fields = new ArrayList<>(Arrays.asList(BODY.split("&")));
        Collections.reverse(fields);

        assertThat(SIGNATURE.isBy(List.of(TOKEN), URL, form(String.join("&", fields))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BODY + "&Extra=",
                BODY + "&Extra=1",
                "Caller=%2B14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212",
                "CallSid=CA1234567890ABCDE&Caller=+14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212",
                ""
            })
    void every_field_counts_the_blank_ones_too(String body) throws BadForm {
        assertThat(SIGNATURE.isBy(List.of(TOKEN), URL, form(body))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/myapp.php?foo=1&bar=2",
                "https://example.org/myapp.php?foo=1&bar=2",
                "https://example.com/prod/myapp.php?foo=1&bar=2",
                "https://example.com/myapp.php?bar=2&foo=1",
                "https://example.com/myapp.php"
            })
    void every_part_of_the_url_counts(String url) throws BadForm {
        assertThat(SIGNATURE.isBy(List.of(TOKEN), url, form(BODY))).isFalse();
    }

    @Test
    void twilio_signs_with_or_without_the_port() throws BadForm {
        assertThat(SIGNATURE.isBy(List.of(TOKEN), "https://example.com:443/myapp.php?foo=1&bar=2", form(BODY)))
                .isTrue();
    }

    @Test
    void one_of_several_tokens_is_enough_and_none_is_not() throws BadForm {
        AuthToken other = new AuthToken("54321");

        assertThat(SIGNATURE.isBy(List.of(other, TOKEN), URL, form(BODY))).isTrue();
        assertThat(SIGNATURE.isBy(List.of(other), URL, form(BODY))).isFalse();
        assertThat(SIGNATURE.isBy(List.of(), URL, form(BODY))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "L/OH5YylLD5NRKLltdqwSvS0BnU",
                "l/OH5YylLD5NRKLltdqwSvS0BnU=",
                "L/OH5YylLD5NRKLltdqwSvS0BnU= ",
                "L/OH5YylLD5NRKLltdqwSvS0BnU=, L/OH5YylLD5NRKLltdqwSvS0BnU=",
                "not base64 at all \u00e9\uD83D\uDE9A"
            })
    void anything_but_the_signature_itself_is_none(String value) throws BadForm {
        assertThat(new TwilioSignature(value).isBy(List.of(TOKEN), URL, form(BODY)))
                .isFalse();
    }

    /** A token longer than a block of SHA-1, 64 bytes, is hashed first. */
    @ParameterizedTest
    @ValueSource(ints = {2, 32, 63, 64, 65, 200})
    void twilio_javas_validator_agrees(int bytes) throws BadForm {
        AuthToken token = new AuthToken("\u00e9" + "t".repeat(bytes - 2));
        RequestValidator twilios = new RequestValidator(token.reveal());
        CallbackForm form = form("MessageStatus=sent&Body=%C3%A9%F0%9F%9A%9A&Empty=");
        for (String scheme : List.of("http", "https")) {
            for (String port : List.of("", ":80", ":443", ":8443")) {
                String url = scheme + "://callbacks.example.com" + port + "/nvp/callback/key/task";
                TwilioSignature signature =
                        TwilioSignature.of(token, url + "Body\u00e9\uD83D\uDE9AEmptyMessageStatussent");
                for (String given : List.of(url, scheme + "://callbacks.example.com/nvp/callback/key/task")) {
                    assertThat(signature.isBy(List.of(token), given, form))
                            .isEqualTo(twilios.validate(given, form.all(), signature.value()));
                }
                assertThat(signature.isBy(List.of(token), url, form)).isTrue();
                assertThat(twilios.validate(url, Map.of(), signature.value())).isFalse();
            }
        }
    }

    private static CallbackForm form(String body) throws BadForm {
        return CallbackForm.parse(body.getBytes(UTF_8));
    }
}
