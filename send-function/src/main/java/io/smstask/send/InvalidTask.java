package io.smstask.send;

import io.smstask.json.Json;
import io.smstask.lambda.TaskJson;
import io.smstask.lambda.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The call's parameters are invalid, and no task was made. Its full class name is part of the contract: direct callers
 * see it as the error type, with the error's JSON as its message.
 */
public final class InvalidTask extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "invalid_task";

    private static final int MOST_TEXT = 1000;

    private final transient List<Problem> problems;

    /** With everything that is wrong. */
    InvalidTask(List<Problem> problems) {
        super(Json.writeText(json(problems)));
        this.problems = List.copyOf(problems);
    }

    /** With the one thing that is wrong. */
    InvalidTask(String field, String message) {
        this(List.of(new Problem(field, message)));
    }

    /** The problems as one text of a bounded length. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(problem.field())
                    .append(' ')
                    .append(problem.message());
        }
        return text.substring(0, Math.min(MOST_TEXT, text.length()));
    }

    /** The error as JSON. */
    Map<String, Object> json() {
        return json(problems);
    }

    private static Map<String, Object> json(List<Problem> problems) {
        List<Map<String, Object>> list = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        for (Problem problem : problems) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put(Wire.FIELD, problem.field());
            entry.put(Wire.MESSAGE, problem.message());
            list.add(entry);
            fields.add(problem.field());
        }
        Map<String, Object> json =
                TaskJson.error(CODE, "No task was made. Wrong or missing: " + String.join(", ", fields) + ".");
        json.put(Wire.PROBLEMS, list);
        return json;
    }
}
