package io.smstask.local.console;

import io.smstask.lambda.TaskJson;
import io.smstask.lambda.Wire;
import io.smstask.task.Task;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Recipients from a file, and the list of tasks as one. Columns bear the names of the parameters.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class Csv {

    /** A list for a test; more are for a program. */
    static final int MAX_ROWS = 10_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    /** What a browser reads where a byte is not UTF-8. */
    private static final char UNREADABLE = '\uFFFD';

    private static final int ID_DIGITS = 10;
    private static final Set<String> NEVER_FROM_THE_FORM = Set.of(Wire.NUMBER_TO, Wire.TASK_ID);

    /** The parameters of a task, by their names in the tasks API; each may be a column. */
    static final List<String> PARAMETERS = List.of(
            Wire.TASK_ID,
            Wire.ACCOUNT_SID,
            Wire.AUTH_TOKEN,
            Wire.SIGNING_AUTH_TOKEN,
            Wire.NUMBER_TO,
            Wire.NUMBER_FROM,
            Wire.BODY,
            Wire.CONTEXT,
            Wire.MESSAGING_SERVICE_SID,
            "MediaUrl",
            "ContentSid",
            "ContentVariables",
            "ValidityPeriod",
            "ScheduleType",
            "SendAt",
            "SmartEncoded",
            "ShortenUrls",
            "SendAsMms",
            "RiskCheck",
            "ContentRetention",
            "AddressRetention",
            "FallbackFrom");
    /** With these a spreadsheet begins a formula; a number's own + is left alone. */
    private static final String FORMULA = "=@\t\r";

    private static final List<String> COLUMNS = List.of(
            Wire.TASK_ID,
            Wire.SID,
            Wire.NODE,
            Wire.STATUS,
            Wire.NUMBER_TO,
            Wire.NUMBER_FROM,
            Wire.BODY,
            Wire.CODE,
            Wire.MESSAGE,
            Wire.URL_MORE_INFO,
            Wire.RETRYABLE,
            Wire.REASON,
            Wire.CREATED_AT,
            Wire.UPDATED_AT);

    private Csv() {}

    /**
     * Checks a file of recipients, one task each. Nobody is sent to who is not in the file: the recipient and the task's id
     * come from a row or not at all. A file without ids gets them of its text and each row's place in it, so that the same
     * file imported twice sends nothing twice.
     *
     * @param text with a header; separated by commas, or by semicolons
     * @param form parameters for what a row leaves out
     * @throws ConsoleRefusal if it cannot be read as rows below names
     */
    static Recipients recipients(String text, Map<String, Object> form) throws ConsoleRefusal {
        String bare = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        if (bare.indexOf(UNREADABLE) >= 0) {
            throw bad("the file is not UTF-8: save it as \"CSV UTF-8\"");
        }
        String header = bare.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        if (header.isEmpty()) {
            throw bad("the file is empty");
        }
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(header.contains(";") && !header.contains(",") ? ';' : ',')
                // Counted, so that a row's number is the one that a spreadsheet shows, less the header's.
                .setIgnoreEmptyLines(false)
                .setIgnoreSurroundingSpaces(true)
                .build();
        Map<String, Object> defaults = new LinkedHashMap<>(form);
        defaults.keySet().removeIf(name -> NEVER_FROM_THE_FORM.contains(canonical(name)));
        String file = digest(bare);
        Recipients recipients = new Recipients(defaults, "csv-" + file.substring(0, ID_DIGITS) + "-", file);
        try (CSVParser lines = CSVParser.parse(new StringReader(bare), format)) {
            List<String> columns = List.of();
            long first = 0;
            for (CSVRecord line : lines) {
                List<String> values = withoutEmptyEnd(line.toList());
                if (values.isEmpty()) {
                    continue;
                }
                if (columns.isEmpty()) {
                    columns = columns(values);
                    first = line.getRecordNumber();
                } else if (recipients.rows() == MAX_ROWS) {
                    throw bad("the file must have at most " + MAX_ROWS + " rows");
                } else {
                    recipients.add((int) (line.getRecordNumber() - first), columns, line.toList());
                }
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
            // The parser's own words quote the file.
            throw bad("the file is not CSV: a quote is not closed, or something stands after a closing quote");
        }
        if (recipients.rows() == 0) {
            throw bad("the file has names in its first line, and no row below it");
        }
        return recipients;
    }

    private static ConsoleRefusal bad(String message) {
        return new ConsoleRefusal(400, "bad_csv", message);
    }

    /** A spreadsheet writes as many separators in every line as the longest one has. */
    private static List<String> withoutEmptyEnd(List<String> values) {
        int end = values.size();
        while (end > 0 && values.get(end - 1).isBlank()) {
            end--;
        }
        return values.subList(0, end);
    }

    private static List<String> columns(List<String> names) throws ConsoleRefusal {
        List<String> problems = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = canonical(names.get(i));
            if (!PARAMETERS.contains(name)) {
                problems.add("column " + (i + 1) + shown(name) + " is not a parameter");
            } else if (columns.contains(name)) {
                problems.add("the column " + name + " is there twice");
            }
            columns.add(name);
        }
        if (!columns.contains(Wire.NUMBER_TO)) {
            problems.add("the first line must name the columns, number_to among them");
        }
        if (!problems.isEmpty()) {
            throw bad(String.join("; ", problems));
        }
        return columns;
    }

    /** A file without a header has a person's number here. */
    private static String shown(String name) {
        return name.matches("[A-Za-z_]{1,64}") ? " (" + name + ")" : "";
    }

    /** The source spells some names with a capital, and people spell as they like. */
    static String canonical(String column) {
        for (String name : PARAMETERS) {
            if (name.equalsIgnoreCase(column)) {
                return name;
            }
        }
        return column;
    }

    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The tasks as a file, without their history and context. */
    static String of(List<Task> tasks) {
        StringBuilder file = new StringBuilder();
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader(COLUMNS.toArray(String[]::new))
                .build();
        try (CSVPrinter printer = new CSVPrinter(file, format)) {
            for (Task task : tasks) {
                Map<String, Object> json = TaskJson.of(task);
                List<String> row = new ArrayList<>();
                COLUMNS.forEach(name -> row.add(harmless(Objects.toString(json.get(name), ""))));
                printer.printRecord(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot be written", e);
        }
        return file.toString();
    }

    /** No cell is a formula: a text that looks like one gets an apostrophe, which a spreadsheet does not show. */
    private static String harmless(String cell) {
        boolean isFormula = !cell.isEmpty()
                && (FORMULA.indexOf(cell.charAt(0)) >= 0
                        || (cell.charAt(0) == '+' || cell.charAt(0) == '-') && !cell.matches("[+-][0-9 ]*"));
        return isFormula ? "'" + cell : cell;
    }
}
