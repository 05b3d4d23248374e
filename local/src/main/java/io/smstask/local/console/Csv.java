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
            Wire.CREATED_AT,
            Wire.UPDATED_AT);

    private Csv() {}

    /**
     * Reads recipients, one task each. A row without a {@code task_id} gets one that is made of the file and its place in
     * it, so that the same file imported twice sends nothing twice.
     *
     * @param text with a header; separated by commas, or by semicolons
     * @param defaults parameters for what a row leaves out
     */
    static List<Map<String, Object>> tasks(String text, Map<String, Object> defaults) throws Refusal {
        String bare = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        String header = bare.lines().findFirst().orElse("");
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(header.contains(";") && !header.contains(",") ? ';' : ',')
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreEmptyLines(true)
                .setIgnoreSurroundingSpaces(true)
                .build();
        String file = digest(bare);
        List<Map<String, Object>> tasks = new ArrayList<>();
        try (CSVParser rows = CSVParser.parse(new StringReader(bare), format)) {
            if (rows.getHeaderNames().stream().noneMatch(name -> name.equalsIgnoreCase(Wire.NUMBER_TO))) {
                throw new Refusal(400, "bad_csv", "the first line must name the columns, number_to among them");
            }
            for (CSVRecord row : rows) {
                if (tasks.size() == MAX_ROWS) {
                    throw new Refusal(400, "bad_csv", "the file must have at most " + MAX_ROWS + " rows");
                }
                tasks.add(task(row, defaults, "csv-" + file + "-" + row.getRecordNumber()));
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
            // The parser's own words quote the file.
            throw new Refusal(400, "bad_csv", "the file is not CSV with a header of different names");
        }
        return tasks;
    }

    private static Map<String, Object> task(CSVRecord row, Map<String, Object> defaults, String id) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put(Wire.TASK_ID, id);
        row.toMap().forEach((name, value) -> {
            if (!value.isEmpty()) {
                task.put(canonical(name), value);
            }
        });
        defaults.forEach((name, value) -> task.putIfAbsent(canonical(name), value));
        return task;
    }

    /** The source spells the same names with a capital. */
    private static String canonical(String column) {
        for (String name : List.of(Wire.NUMBER_TO, Wire.NUMBER_FROM, Wire.BODY, Wire.TASK_ID)) {
            if (name.equalsIgnoreCase(column)) {
                return name;
            }
        }
        return column;
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 5);
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
