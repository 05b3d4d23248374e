package io.smstask.local.console;

import io.smstask.json.Json;
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
 * Reads recipients from a file, and writes the list of tasks. Columns have the names of the parameters.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class Csv {

    /** Enough for tests; more rows call for a program. */
    static final int MAX_ROWS = 10_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    /** How a browser reads a byte that is not UTF-8. */
    private static final char UNREADABLE = '\uFFFD';

    private static final int ID_DIGITS = 10;
    private static final Set<String> NEVER_FROM_THE_FORM = Set.of(Wire.NUMBER_TO, Wire.TASK_ID);

    /** A spreadsheet takes a cell with one of these in front for a formula. */
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
     * Checks a file of recipients, one task each. Only recipients in the file get an SMS: recipient and task id come
     * from the row or not at all. In a file without ids, they are derived from its text and the row's number, so that
     * importing it twice sends nothing twice.
     *
     * @param text with a header, separated by commas or semicolons
     * @param form parameters that a row may leave out
     * @throws ConsoleRefusal if it is not a header with rows below it
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
                // Counted, so that a row's number is that of the spreadsheet, minus the header.
                .setIgnoreEmptyLines(false)
                .setIgnoreSurroundingSpaces(true)
                .build();
        Map<String, Object> defaults = new LinkedHashMap<>(form);
        defaults.keySet().removeIf(name -> NEVER_FROM_THE_FORM.contains(Recipients.canonical(name)));
        String file = digest(bare);
        Recipients recipients = new Recipients(
                defaults, "csv-" + file.substring(0, ID_DIGITS) + "-", digest(file + Json.writeText(defaults)));
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
            // The parser's own message quotes the file.
            throw bad("the file is not CSV: a quote is not closed, or is followed by more text");
        }
        if (recipients.rows() == 0) {
            throw bad("the file has no row below its header");
        }
        return recipients;
    }

    private static ConsoleRefusal bad(String message) {
        return new ConsoleRefusal(400, "bad_csv", message);
    }

    /** Spreadsheets pad every line with separators to the length of the longest. */
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
            String name = Recipients.canonical(names.get(i));
            if (!Recipients.PARAMETERS.contains(name)) {
                problems.add("column " + (i + 1) + shown(name) + " is not a parameter");
            } else if (columns.contains(name)) {
                problems.add("the column " + name + " is repeated");
            }
            columns.add(name);
        }
        if (!columns.contains(Wire.NUMBER_TO)) {
            problems.add("the first line must name the columns, including number_to");
        }
        if (!problems.isEmpty()) {
            throw bad(String.join("; ", problems));
        }
        return columns;
    }

    /** Without a header, this is someone's number: do not show it. */
    private static String shown(String name) {
        return name.matches("[A-Za-z_]{1,64}") ? " (" + name + ")" : "";
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Writes the tasks, without history and context. */
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
            throw new UncheckedIOException("cannot write CSV", e);
        }
        return file.toString();
    }

    /**
     * Keeps cells from being formulas: a text that looks like one gets an apostrophe, which spreadsheets do not show.
     */
    private static String harmless(String cell) {
        boolean isFormula = !cell.isEmpty()
                && (FORMULA.indexOf(cell.charAt(0)) >= 0
                        || (cell.charAt(0) == '+' || cell.charAt(0) == '-') && !cell.matches("[+-][0-9 ]*"));
        return isFormula ? "'" + cell : cell;
    }
}
