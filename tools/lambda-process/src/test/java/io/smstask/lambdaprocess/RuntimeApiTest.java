package io.smstask.lambdaprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RuntimeApiTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private RuntimeApi api;

    @BeforeEach
    void start() throws IOException {
        api = RuntimeApi.start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void an_event_goes_out_and_its_answer_comes_back_in_this_order() {
        CompletableFuture<HttpResponse<String>> runtime =
                http.sendAsync(request("invocation/next").build(), HttpResponse.BodyHandlers.ofString());
        runtime.thenCompose(event -> http.sendAsync(
                request("invocation/"
                                + event.headers()
                                        .firstValue("lambda-runtime-aws-request-id")
                                        .orElseThrow() + "/response")
                        .POST(HttpRequest.BodyPublishers.ofString("answer to " + event.body()))
                        .build(),
                HttpResponse.BodyHandlers.ofString()));

        long asked = api.awaitNext(LIMIT);
        var answer = api.begin("an event", LIMIT).join();

        assertThat(answer.body()).isEqualTo("answer to an event");
        assertThat(answer.isError()).isFalse();
        assertThat(answer.handedOut() - asked).isPositive();
        assertThat(answer.received() - answer.handedOut()).isPositive();
    }

    @Test
    void a_function_that_cannot_start_is_a_failure() throws IOException, InterruptedException {
        http.send(
                request("init/error")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"errorMessage\":\"lacks TASKS_TABLE\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThatExceptionOfType(ProcessFailed.class)
                .isThrownBy(() -> api.awaitNext(LIMIT))
                .withMessageContaining("lacks TASKS_TABLE");
    }

    @Test
    void a_process_that_is_gone_is_a_failure_of_what_it_did_and_of_what_comes_then() {
        var running = api.begin("an event", LIMIT);

        api.end("the process has ended");

        assertThat(running).isCompletedExceptionally();
        assertThat(api.begin("another", LIMIT)).isCompletedExceptionally();
        assertThat(api.initError()).isCompletedExceptionally();
        assertThatExceptionOfType(ProcessFailed.class)
                .isThrownBy(() -> api.awaitNext(LIMIT))
                .withMessageContaining("has ended");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + api.hostAndPort() + "/2018-06-01/runtime/" + path));
    }
}
