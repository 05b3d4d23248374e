package io.smstask.local.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of a file of recipients before anything is sent. */
final class CsvTest {

    private static final Map<String, Object> FORM = Map.of(
            "Number_to", "+15550000000",
            "number_to", "+15550000001",
            "task_id", "of-the-form",
            "Task_ID", "of-the-form-too",
            "Number_from", "+15005550006",
            "Body", "of the form");

    @Test
    void incident_42_a_row_without_a_recipient_is_bad_and_goes_to_nobody() throws ConsoleRefusal {
        Recipients recipients = read("number_to,body\n+15558675310,One\n,Two\n\"  \",Three\n+15558675311,Four\n");

        assertThat(numbers(recipients)).containsExactly(1, 4);
        assertThat(problems(recipients)).containsExactly("row 2 has no number_to", "row 3 has no number_to");
        assertThat(recipients.good().toString())
                .contains("+15558675310", "+15558675311")
                .doesNotContain("+1555000000", "of-the-form");
    }

    @Test
    void a_file_whose_rows_all_lack_a_recipient_has_no_good_row() throws ConsoleRefusal {
        Recipients recipients = read("body,number_to\nOne,\nTwo,\n");

        assertThat(recipients.good()).isEmpty();
        assertThat(recipients.json()).containsEntry("good", 0).containsEntry("bad", 2);
    }

    @Test
    void what_a_row_leaves_out_comes_from_the_form_and_is_counted() throws ConsoleRefusal {
        Recipients recipients = read("Number_to;BODY\n+15558675310;Own\n+15558675311;\n");

        assertThat(recipients.good().get(0).task())
                .containsEntry("number_to", "+15558675310")
                .containsEntry("body", "Own")
                .doesNotContainKey("Body");
        assertThat(recipients.good().get(1).task()).containsEntry("Body", "of the form");
        assertThat(recipients.json().get("from_form")).isEqualTo(Map.of("Number_from", 2, "Body", 1));
    }

    @Test
    void a_task_id_is_the_rows_own_or_is_made_of_file_and_row() throws ConsoleRefusal {
        String file = "number_to,body\n+15558675310,One\n+15558675311,Two\n";

        assertThat(ids(read(file))).hasSize(2).doesNotHaveDuplicates().isEqualTo(ids(read(file)));
        assertThat(ids(read(file + "+15558675312,Three\n"))).doesNotContainAnyElementsOf(ids(read(file)));
        assertThat(ids(read("task_id,number_to\nmine,+15558675310\n"))).containsExactly("mine");
        assertThat(read(file).json()).containsEntry("has_ids", false);
        assertThat(read("task_id,number_to\nmine,+15558675310\n").json()).containsEntry("has_ids", true);
    }

    @Test
    void an_id_that_is_there_twice_is_sent_once() throws ConsoleRefusal {
        Recipients recipients = read("task_id,number_to\none,+15558675310\ntwo,+15558675311\none,+15558675312\n");

        assertThat(numbers(recipients)).containsExactly(1, 2);
        assertThat(problems(recipients)).containsExactly("row 3 has the task_id of row 1");
    }

    @ParameterizedTest
    @CsvSource({
        "'',has no task_id",
        "'  ',has no task_id",
        "with blank,has a task_id that does not match",
    })
    void an_id_that_is_none_is_named(String id, String problem) throws ConsoleRefusal {
        assertThat(problems(read("task_id,number_to\n\"" + id + "\",+15558675310\n")))
                .singleElement()
                .asString()
                .startsWith("row 1 " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+15558675310,Hello, you|has 3 values for 2 columns",
                "+15558675310|has 1 value for 2 columns",
                ",a,b|has 3 values for 2 columns; has no number_to",
            })
    void a_row_of_another_length_than_the_header_is_bad(String row, String problem) throws ConsoleRefusal {
        Recipients recipients = read("number_to,body\n" + row + "\n+15558675311,Good,,\n");

        assertThat(problems(recipients)).containsExactly("row 1 " + problem);
        assertThat(numbers(recipients)).containsExactly(2);
    }

    @Test
    void blank_lines_are_no_rows_but_count() throws ConsoleRefusal {
        Recipients recipients =
                read("\n\nnumber_to,body,,\n+15558675310,One\n\n,,\n  ,  \n,No one\n+15558675311,Two,,\n,,,\n\n\n");

        assertThat(numbers(recipients)).containsExactly(1, 6);
        assertThat(problems(recipients)).containsExactly("row 5 has no number_to");
    }

    @Test
    void byte_order_mark_quotes_and_line_breaks_in_them_are_read() throws ConsoleRefusal {
        Recipients recipients =
                read("\uFEFF\"number_to\";\"body\"\r\n+15558675310;\"Line one\r\nline \"\"two\"\"; end\"\r\n;x\r\n");

        assertThat(recipients.good())
                .singleElement()
                .satisfies(row -> assertThat(row.task()).containsEntry("body", "Line one\r\nline \"two\"; end"));
        assertThat(problems(recipients)).containsExactly("row 2 has no number_to");
    }

    @Test
    void a_context_is_json() throws ConsoleRefusal {
        Recipients recipients = read("number_to,context\n+15558675310,\"{\"\"a\"\":1}\"\n+15558675311,a\n");

        assertThat(recipients.good().get(0).task()).containsEntry("context", Map.of("a", 1));
        assertThat(problems(recipients)).containsExactly("row 2 has a context that is not a JSON object");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|the file is empty",
                "' \n\n'|the file is empty",
                "'number_to,body\n'|the file has no row below its header",
                "'number_to,body\n,\n\n'|the file has no row below its header",
                "'Bodyy,number_to,sid\n'|column 1 (Bodyy) is not a parameter; column 3 (sid) is not a parameter",
                "'+15558675310,Hello\n'|column 1 is not a parameter; column 2 (Hello) is not a parameter; the first line must name the columns, including number_to",
                "'number_from,body\nx,y\n'|the first line must name the columns, including number_to",
                "'number_to,body,Number_to\nx,y,z\n'|the column number_to is repeated",
                "'body,number_to,body\nx,y,z\n'|the column body is repeated",
                "'number_to,,body\nx,y,z\n'|column 2 is not a parameter",
                "'number_to,body\n+1,\"open\n+2,x\n'|the file is not CSV: a quote is not closed, or is followed by more text",
                "'number_to,body\n+1,\"a\"b\n'|the file is not CSV: a quote is not closed, or is followed by more text",
                "'number_to,body\n+1,Gr\uFFFD\uFFFDe\n'|the file is not UTF-8: save it as \"CSV UTF-8\"",
            })
    void a_file_that_cannot_be_sent_at_all_says_why(String file, String problem) {
        ConsoleRefusal refusal = catchThrowableOfType(ConsoleRefusal.class, () -> read(file));

        assertThat(refusal.message()).isEqualTo(problem);
        assertThat(refusal.status()).isEqualTo(400);
    }

    @Test
    void a_file_has_a_limit() throws ConsoleRefusal {
        String most = "number_to\n" + "+15558675310\n\n".repeat(Csv.MAX_ROWS);

        assertThat(read(most).good()).hasSize(Csv.MAX_ROWS);
        assertThat(catchThrowableOfType(ConsoleRefusal.class, () -> read(most + "+15558675310\n"))
                        .message())
                .isEqualTo("the file must have at most 10000 rows");
    }

    @Test
    void each_parameter_of_the_tasks_api_may_be_a_column_and_is_a_field_of_the_form() throws IOException {
        Path root = Template.find().toAbsolutePath().getParent();
        String fields =
                Files.readString(root.resolve("tools/local/src/main/resources/io/smstask/local/console/fields.js"));
        String page = Files.readString(root.resolve("docs/api.md"));
        String table = page.substring(page.indexOf("\n## Parameters"), page.indexOf("\n## The task"));
        List<String> names = new ArrayList<>();
        for (String line : table.lines().filter(row -> row.startsWith("| `")).toList()) {
            Matcher name = Pattern.compile("`([A-Za-z_]+)`").matcher(line.substring(0, line.indexOf('|', 1)));
            while (name.find()) {
                names.add(name.group(1));
            }
        }

        assertThat(names).contains("task_id", "number_to", "FallbackFrom");
        assertThat(Recipients.PARAMETERS).containsAll(names);
        assertThat(names).allSatisfy(name -> assertThat(fields).contains("'" + name + "'"));
    }

    private static Recipients read(String file) throws ConsoleRefusal {
        return Csv.recipients(file, FORM);
    }

    private static List<Integer> numbers(Recipients recipients) {
        return recipients.good().stream().map(BulkSender.Row::number).toList();
    }

    private static List<Object> ids(Recipients recipients) {
        return recipients.good().stream().map(row -> row.task().get("task_id")).toList();
    }

    private static List<String> problems(Recipients recipients) {
        List<String> problems = new ArrayList<>();
        for (Object problem : (List<?>) recipients.json().get("problems")) {
            Map<?, ?> named = (Map<?, ?>) problem;
            problems.add("row " + named.get("row") + " " + named.get("message"));
        }
        return problems;
    }
}
