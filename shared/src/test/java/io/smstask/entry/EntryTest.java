package io.smstask.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EntryTest {

    private final List<String> lines = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void the_handler_is_told_what_lambda_tells_and_its_answer_and_its_lines_are_lambdas() throws IOException {
        var entry = new Entry((event, invocation) -> {
            invocation.log().accept("line\n");
            return (new String(event, UTF_8) + invocation.requestId() + invocation.remainingMillis()).getBytes(UTF_8);
        });

        entry.handleRequest(new ByteArrayInputStream("{}".getBytes(UTF_8)), out, context());

        assertThat(out).hasToString("{}request-1" + 28_000);
        assertThat(lines).containsExactly("line\n");
    }

    @Test
    void what_the_handler_throws_is_lambdas_too() {
        var thrown = new IllegalArgumentException("a bug");
        var entry = new Entry((event, invocation) -> {
            throw thrown;
        });

        assertThatThrownBy(() -> entry.handleRequest(new ByteArrayInputStream(new byte[0]), out, context()))
                .isSameAs(thrown);
        assertThat(out.size()).isZero();
    }

    private Context context() {
        LambdaLogger logger = new LambdaLogger() {
            @Override
            public void log(String message) {
                lines.add(message);
            }

            @Override
            public void log(byte[] message) {
                throw new UnsupportedOperationException("lines are texts");
            }
        };
        return (Context) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAwsRequestId" -> "request-1";
                    case "getRemainingTimeInMillis" -> 28_000;
                    case "getLogger" -> logger;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
