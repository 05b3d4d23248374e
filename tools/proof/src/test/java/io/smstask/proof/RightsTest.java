package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.template.Template;
import io.smstask.local.template.Template.Right;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/rights.md gives a reason for each right in template.yaml, and for no other. */
class RightsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (`.*`) \\| (`.*`) \\| \\S[^|]+ \\|$");
    private static final Pattern WORD = Pattern.compile("`([^`]+)`");

    @Test
    void each_right_in_the_template_has_its_reason_and_no_other_is_named() throws IOException {
        List<Right> reasoned = ROW.matcher(Files.readString(Modules.ROOT.resolve("docs/rights.md")))
                .results()
                .flatMap(row -> words(row.group(2))
                        .flatMap(action -> words(row.group(3)).map(on -> new Right(row.group(1), action, on))))
                .toList();

        assertThat(reasoned)
                .hasSizeGreaterThan(30)
                .containsExactlyInAnyOrderElementsOf(
                        Template.read(Template.find()).rights());
    }

    private static Stream<String> words(String cell) {
        return WORD.matcher(cell).results().map(word -> word.group(1));
    }

    @Test
    void nothing_but_logs_is_allowed_on_everything() {
        assertThat(Template.read(Template.find()).rights())
                .filteredOn(
                        right -> right.resource().equals("*") || right.action().contains("*"))
                .isNotEmpty()
                .allMatch(right -> right.action().matches("logs:[A-Za-z]+"));
    }
}
