package bench.naive;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/** The body of POST /tasks. */
public record SendRequest(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("number_to") String numberTo,
        @JsonProperty("number_from") String numberFrom,
        @JsonProperty("body") String body) {

    private static final String E164 = "\\+[1-9][0-9]{6,14}";

    /** The fields that are missing or wrong. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        check("task_id", taskId, "[A-Za-z0-9_-]{1,64}", problems);
        check("number_to", numberTo, E164, problems);
        check("number_from", numberFrom, E164, problems);
        if (body == null || body.isEmpty() || body.codePointCount(0, body.length()) > 1600) {
            problems.add("body");
        }
        return problems;
    }

    private static void check(String field, String value, String pattern, List<String> problems) {
        if (value == null || !value.matches(pattern)) {
            problems.add(field);
        }
    }
}
