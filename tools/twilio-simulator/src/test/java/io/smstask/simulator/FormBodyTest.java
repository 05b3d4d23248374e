package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FormBodyTest {
    private static final String TYPE = "application/x-www-form-urlencoded";

    private static FormBody read(String body) throws ApiRefusal {
        return FormBody.read(TYPE, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void escapes_blanks_and_repeated_fields_are_read() throws ApiRefusal {
        var form = read("To=%2B15558675310&Body=a+b%26%E2%82%AC%f0%9f%98%80&MediaUrl=1&MediaUrl=2&Empty=&Bare");
        assertThat(form.value("To")).contains("+15558675310");
        assertThat(form.value("Body")).contains("a b&€😀");
        assertThat(form.values("MediaUrl")).containsExactly("1", "2");
        assertThat(form.fields()).containsKeys("Empty", "Bare");
        assertThat(form.value("Empty")).isEmpty();
    }

    @Test
    void an_unescaped_plus_is_a_blank() throws ApiRefusal {
        assertThat(read("To=+15558675310").value("To")).contains(" 15558675310");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Body=%", "Body=%4", "Body=%zz", "Body=%-1", "%G0=1", "Body=%ff", "Body=%e2%82", "Body=%c0%80"})
    void a_broken_body_is_refused(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        ApiRefusal.class, refused -> assertThat(refused.error()).isEqualTo(ApiError.BAD_REQUEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/json", "multipart/form-data", TYPE + "; charset=iso-8859-1"})
    void another_content_type_is_refused(String type) {
        assertThatThrownBy(() -> FormBody.read(type, new byte[0]))
                .isInstanceOfSatisfying(
                        ApiRefusal.class, refused -> assertThat(refused.error()).isEqualTo(ApiError.CONTENT_TYPE));
    }

    @ParameterizedTest
    @ValueSource(strings = {TYPE, TYPE + ";charset=UTF-8", "Application/X-WWW-Form-Urlencoded ; charset=\"utf-8\""})
    void forms_may_name_their_charset(String type) throws ApiRefusal {
        assertThat(FormBody.read(type, "a=b".getBytes(StandardCharsets.UTF_8)).value("a"))
                .contains("b");
    }

    @Test
    void what_is_written_reads_back() throws ApiRefusal {
        var fields = new LinkedHashMap<String, String>();
        fields.put("b", "+1 ä&=%");
        fields.put("a", "");
        assertThat(FormBody.encode(fields)).isEqualTo("b=%2B1+%C3%A4%26%3D%25&a=");
        assertThat(read(FormBody.encode(fields)).value("b")).contains("+1 ä&=%");
    }
}
