package io.smstask.local.console;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Wire;
import io.smstask.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a file: which can be sent, and what is wrong with the others. */
final class Recipients {

    private static final int SHOWN = 50;

    /** The parameters of the tasks API; each may be a column. */
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

    private final Map<String, Object> form;
    private final String idPrefix;
    private final String checked;
    private final List<BulkSender.Row> good = new ArrayList<>();
    private final List<Object> problems = new ArrayList<>();
    private final Map<String, Integer> rowsById = new HashMap<>();
    private final Map<String, Integer> takenFromForm = new LinkedHashMap<>();
    private int bad;
    private boolean hasIds;

    /**
     * @param form parameters that a row may leave out
     * @param idPrefix start of the ids of rows without one
     * @param checked identifies this file together with these parameters of the form
     */
    Recipients(Map<String, Object> form, String idPrefix, String checked) {
        this.form = form;
        this.idPrefix = idPrefix;
        this.checked = checked;
    }

    /** Any case is accepted. */
    static String canonical(String column) {
        for (String name : PARAMETERS) {
            if (name.equalsIgnoreCase(column)) {
                return name;
            }
        }
        return column;
    }

    /** The number of rows, good and bad. */
    int rows() {
        return good.size() + bad;
    }

    /** The tasks of the good rows. */
    List<BulkSender.Row> good() {
        return good;
    }

    /** Checks one row, except for what only Twilio or the tasks API can check. */
    void add(int number, List<String> columns, List<String> values) {
        List<String> wrong = new ArrayList<>();
        Map<String, Object> task = task(columns, values, wrong);
        hasIds = columns.contains(Wire.TASK_ID);
        if (hasIds) {
            idOf(task, number).ifPresent(wrong::add);
        } else {
            task.put(Wire.TASK_ID, idPrefix + number);
        }
        if (String.valueOf(task.getOrDefault(Wire.NUMBER_TO, "")).isBlank()) {
            wrong.add("has no number_to");
        }
        if (wrong.isEmpty()) {
            form.forEach((name, value) -> {
                if (!task.containsKey(canonical(name))) {
                    takenFromForm.merge(name, 1, Integer::sum);
                    task.put(name, value);
                }
            });
            good.add(new BulkSender.Row(number, task));
        } else {
            bad++;
            if (problems.size() < SHOWN) {
                problems.add(Map.of("row", number, "message", String.join("; ", wrong)));
            }
        }
    }

    private static Map<String, Object> task(List<String> columns, List<String> values, List<String> wrong) {
        Map<String, Object> task = new LinkedHashMap<>();
        int last = values.size();
        while (last > columns.size() && values.get(last - 1).isBlank()) {
            last--;
        }
        if (last != columns.size()) {
            // A separator or line break is not quoted, so it is unclear which value belongs to which column.
            wrong.add("has " + last + (last == 1 ? " value" : " values") + " for " + columns.size() + " columns");
        }
        for (int i = 0; i < Math.min(last, columns.size()); i++) {
            String value = values.get(i);
            if (!value.isEmpty()) {
                task.put(columns.get(i), value);
            }
        }
        if (task.get(Wire.CONTEXT) instanceof String context) {
            try {
                task.put(Wire.CONTEXT, Json.parseObject(context));
            } catch (BadJson e) {
                wrong.add("has a context that is not a JSON object");
            }
        }
        return task;
    }

    private Optional<String> idOf(Map<String, Object> task, int number) {
        String id = String.valueOf(task.getOrDefault(Wire.TASK_ID, ""));
        if (id.isBlank()) {
            return Optional.of("has no task_id, and there is a column for it");
        }
        if (!TaskId.isValid(id)) {
            return Optional.of("has a task_id that does not match " + TaskId.FORMAT);
        }
        Integer before = rowsById.putIfAbsent(id, number);
        return before == null ? Optional.empty() : Optional.of("has the task_id of row " + before);
    }

    /** Identifies this file together with these parameters of the form. */
    String checked() {
        return checked;
    }

    /** The result of the check, without any text of the rows. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("good", good.size());
        json.put("bad", bad);
        json.put("problems", problems);
        json.put("from_form", takenFromForm);
        json.put("has_ids", hasIds);
        json.put("checked", checked);
        return json;
    }
}
