package io.smstask.aws;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A DynamoDB of one item that changes no more once it is put, in place of the network: with it the whole of the SDK's client
 * runs, up to the bytes that it writes and reads, before there is anything to send.
 */
final class OneItemTable implements SdkHttpClient {

    private Object item = Map.of();

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
        if (target.endsWith(".PutItem")) {
            item = body(request).getOrDefault("Item", Map.of());
            return Map.of();
        }
        return Map.of(target.endsWith(".GetItem") ? "Item" : "Attributes", item);
    }

    private static Map<String, Object> body(HttpExecuteRequest request) throws IOException {
        try (InputStream body = request.contentStreamProvider().orElseThrow().newStream()) {
            return Json.parseObject(body.readAllBytes());
        } catch (BadJson e) {
            throw new IOException("the SDK writes JSON", e);
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
