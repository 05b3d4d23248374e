package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as an error code, in answers, callbacks and polls alike. */
final class ErrorCodeTest {

    @ParameterizedTest
    @ValueSource(strings = {"21211", "21211 ", " 21211", "\t21211\r\n", "\u200321211"})
    void blanks_around_a_code_do_not_lose_it(String text) {
        assertThat(ErrorCode.read(text)).contains("21211");
    }

    @Test
    void a_number_is_a_code_too() {
        assertThat(ErrorCode.read(21211)).contains("21211");
        assertThat(ErrorCode.read(1)).contains("1");
        assertThat(ErrorCode.read(999_999_999)).contains("999999999");
    }

    static Stream<Object> what_is_no_code() {
        return Stream.of(
                "",
                " ",
                "0",
                "000",
                "030001",
                "-1",
                "+1",
                "1.0",
                "21 211",
                "21211a",
                "null",
                "undefined",
                "1234567890",
                "\u0663\u0660",
                "../../login",
                0,
                -1,
                1_000_000_000,
                21211L,
                new BigDecimal("21211.0"),
                true,
                List.of(21211));
    }

    @ParameterizedTest
    @MethodSource("what_is_no_code")
    void anything_else_is_none(Object value) {
        assertThat(ErrorCode.read(value)).isEmpty();
    }

    @Test
    void nothing_is_none() {
        assertThat(ErrorCode.read(null)).isEmpty();
    }
}
