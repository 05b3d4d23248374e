package io.smstask.send;

import io.smstask.task.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A valid call; a test changes one part. */
final class Calls {

    static final TaskId ID = new TaskId("order-4711");
    static final TaskId MADE_BY_US = new TaskId("made-by-us");
    static final String TOKEN = "0123456789abcdef0123456789abcdef";
    static final String TO = "+15558675310";
    static final String FROM = "+15005550006";
    static final String BODY = "Your order 4711 is on its way.";
    static final String SERVICE = "MG00000000000000000000000000000001";

    private Calls() {}

    static Map<String, Object> call() {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("task_id", ID.value());
        call.put("AccountSid", SampleSms.ACCOUNT.value());
        call.put("AuthToken", TOKEN);
        call.put("number_to", TO);
        call.put("number_from", FROM);
        call.put("body", BODY);
        return call;
    }

    /** The call with these names and values, in turn, added or replaced. */
    static Map<String, Object> callWith(@Nullable Object... namesAndValues) {
        Map<String, Object> call = call();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            call.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return call;
    }

    static Map<String, Object> callWithout(String... names) {
        Map<String, Object> call = call();
        for (String name : names) {
            call.remove(name);
        }
        return call;
    }

    static SendCommand command(Map<String, Object> call) {
        return SendParameters.read(call, MADE_BY_US);
    }
}
