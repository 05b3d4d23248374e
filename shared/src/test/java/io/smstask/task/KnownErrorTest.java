package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of Twilio's common codes. */
final class KnownErrorTest {

    @ParameterizedTest
    @CsvSource({
        "30003, temporary",
        "30005, permanent",
        "30006, permanent",
        "21211, permanent",
        "21614, permanent",
        "30004, blocked",
        "30007, blocked",
        "30034, blocked",
        "21610, opted_out",
        "20003, account",
        "21608, account",
        "30002, account",
        "20429, capacity",
        "21611, capacity",
        "63038, capacity",
        "30001, capacity",
        "21609, ours",
        "30008, unknown"
    })
    void a_code_has_its_reason(String code, String reason) {
        assertThat(KnownError.of(code)).map(known -> known.reason().word()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "2121", "21211 ", "99999", "undelivered"})
    void any_other_code_is_none(String code) {
        assertThat(KnownError.of(code)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void each_is_a_code_of_twilios_told_in_one_sentence(KnownError known) {
        assertThat(ErrorCode.read(known.code())).contains(known.code());
        assertThat(known.words()).matches("[A-Z][^\\n|]{10,160}\\.").doesNotContain(known.code());
    }

    @Test
    void the_api_page_prints_the_table() throws IOException {
        List<String> printed = new ArrayList<>();
        Matcher row =
                Pattern.compile("(?m)^\\| [0-9]{5} \\| .*").matcher(Files.readString(Path.of("..", "docs", "api.md")));
        while (row.find()) {
            printed.add(row.group());
        }

        List<String> table = new ArrayList<>();
        for (KnownError known : KnownError.values()) {
            table.add("| " + known.code() + " | `" + known.reason().word() + "` | " + known.words() + " |");
        }
        assertThat(printed).isEqualTo(table);
    }

    @ParameterizedTest
    @EnumSource
    void the_api_page_tells_what_a_reason_means(Reason reason) throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "api.md"))).contains("\n| `" + reason.word() + "` | ");
    }

    @Test
    void they_stand_in_the_order_of_their_codes_and_each_once() {
        List<Integer> codes = new ArrayList<>();
        for (KnownError known : KnownError.values()) {
            codes.add(Integer.valueOf(known.code()));
        }

        assertThat(codes).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(40);
    }
}
