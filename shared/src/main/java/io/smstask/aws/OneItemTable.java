package io.smstask.aws;

import io.smstask.http.Body;
import io.smstask.http.Http;
import io.smstask.http.HttpAnswer;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;

/**
 * A DynamoDB table of one item in place of the network, so that a rehearsal runs the client down to the bytes. It
 * ignores conditions, and of an update it applies only assignments of values.
 */
final class OneItemTable implements Http {

    private final Map<Object, Object> item = new LinkedHashMap<>();

    @Override
    public HttpAnswer exchange(HttpRequest request, Duration limit) {
        Map<String, Object> answer = Map.of();
        for (HttpHeader header : request.getHeaders()) {
            if (header.getValue().endsWith(".GetItem")) {
                answer = Map.of("Item", item);
            }
        }
        if (answer.isEmpty()) {
            write(request);
        }
        return new HttpAnswer(200, List.of(), Json.write(answer));
    }

    private void write(HttpRequest request) {
        try {
            Map<String, Object> write = Json.parseUnchecked(((Body) request.getBodyStream()).bytes());
            item.putAll(map(write, "Item"));
            Map<?, ?> names = map(write, "ExpressionAttributeNames");
            Map<?, ?> values = map(write, "ExpressionAttributeValues");
            String name = "";
            var words = new StringTokenizer(
                    write.getOrDefault("UpdateExpression", "").toString(), " ,=");
            while (words.hasMoreTokens()) {
                String word = words.nextToken();
                if (word.startsWith("#")) {
                    name = word;
                } else if (word.equals("ADD")) {
                    return;
                } else if (word.startsWith(":")) {
                    item.put(names.get(name), values.get(word));
                }
            }
        } catch (BadJson e) {
            throw new IllegalStateException("the client writes JSON", e);
        }
    }

    private static Map<?, ?> map(Map<String, Object> body, String name) {
        return body.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }
}
