package io.smstask.aws;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A DynamoDB table of one item in place of the network, so that a rehearsal runs the client down to the bytes. It
 * ignores conditions, and of an update it applies only assignments of values.
 */
final class OneItemTable implements SdkHttpClient {

    private static final Pattern ASSIGNMENT = Pattern.compile("(#\\w+) = (:\\w+)");

    private final Map<String, Object> item = new LinkedHashMap<>();

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return response(Json.write(answer(request)));
            }

            @Override
            public void abort() {
                // The answer is there at once.
            }
        };
    }

    private Map<String, Object> answer(HttpExecuteRequest request) throws IOException {
        String target =
                request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
        if (target.endsWith(".GetItem")) {
            return Map.of("Item", item);
        }
        Map<String, Object> write = body(request);
        item.putAll(map(write, "Item"));
        Map<String, Object> names = map(write, "ExpressionAttributeNames");
        Map<String, Object> values = map(write, "ExpressionAttributeValues");
        Matcher assignments =
                ASSIGNMENT.matcher(write.getOrDefault("UpdateExpression", "").toString());
        while (assignments.find()) {
            item.put(names.get(assignments.group(1)).toString(), values.get(assignments.group(2)));
        }
        return Map.of();
    }

    private static Map<String, Object> map(Map<String, Object> body, String name) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (body.get(name) instanceof Map<?, ?> found) {
            found.forEach((key, value) -> map.put(key.toString(), value));
        }
        return map;
    }

    private static Map<String, Object> body(HttpExecuteRequest request) throws IOException {
        try (InputStream body = request.contentStreamProvider().orElseThrow().newStream()) {
            return Json.parseObject(body.readAllBytes());
        } catch (BadJson e) {
            throw new IOException("the client writes JSON", e);
        }
    }

    private static HttpExecuteResponse response(byte[] json) {
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(200)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("Content-Length", Integer.toString(json.length))
                        .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(json)))
                .build();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
