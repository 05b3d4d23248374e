package io.smstask.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.json.Json;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.gateway.HttpApiGateway;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.crt.auth.credentials.Credentials;
import software.amazon.awssdk.crt.auth.signing.AwsSigner;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;
import software.amazon.awssdk.crt.http.HttpRequestBodyStream;

/**
 * The Node program of docs/api.md, run as it stands there. The gateway before the local stack lets in only what AWS's own signer
 * signs in the same way.
 */
@EnabledIf(value = "canRun", disabledReason = "there is no aws4fetch (npm ci --prefix .ci)")
final class SignedCallIT {

    /** Where this is set, a machine without aws4fetch fails instead. */
    private static final String REQUIRED = "SIGNING_REQUIRED";

    private static final Path MODULES = Modules.ROOT.resolve(".ci/node_modules");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REGION = "eu-central-1";
    private static final Credentials CALLER = new Credentials(
            "ASIAEXAMPLEEXAMPLE00".getBytes(UTF_8),
            "example/secret+key/with/40/characters/in".getBytes(UTF_8),
            "session+token/=".getBytes(UTF_8));

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=[^,]+, SignedHeaders=(?<headers>[^,]+), Signature=[0-9a-f]{64}");

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private static LocalStack stack;
    private static HttpApiGateway gateway;

    static boolean canRun() {
        return System.getenv(REQUIRED) != null || Files.isDirectory(MODULES.resolve("aws4fetch"));
    }

    @BeforeAll
    static void start() {
        var template = Template.read(Template.find());
        stack = LocalStack.start(LocalOptions.forTests(line -> {}), template);
        gateway = HttpApiGateway.start(
                0,
                template.routes().stream()
                        .filter(route -> route.api().equals("TasksApi"))
                        .toList());
        gateway.put(
                LocalStack.SEND_FUNCTION,
                new LocalFunction(
                        LocalStack.SEND_FUNCTION,
                        (in, out, context) -> out.write(guarded(in.readAllBytes())),
                        Duration.ofSeconds(28),
                        line -> {}));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        stack.close();
    }

    @Test
    void a_call_that_is_signed_as_the_page_says_is_let_in() throws Exception {
        assertThat(runProgram(new String(CALLER.getSecretAccessKey(), UTF_8)))
                .startsWith("201 {")
                .contains("task_id: 'order-4711'", "status: 'queued'");
    }

    @Test
    void one_that_is_signed_with_another_key_is_not() throws Exception {
        int before = stack.simulator().orElseThrow().requests().size();

        assertThat(runProgram("another")).startsWith("403 { message: 'Forbidden' }");

        assertThat(stack.simulator().orElseThrow().requests()).hasSize(before);
    }

    /** What the program prints. */
    private String runProgram(String secret) throws IOException, InterruptedException {
        Path modules = Files.createSymbolicLink(folder.resolve("node_modules"), MODULES);
        Files.writeString(folder.resolve("send.mjs"), program());
        var builder = new ProcessBuilder("node", "send.mjs")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID",
                        new String(CALLER.getAccessKeyId(), UTF_8),
                        "AWS_SECRET_ACCESS_KEY",
                        secret,
                        "AWS_SESSION_TOKEN",
                        new String(CALLER.getSessionToken(), UTF_8),
                        "AWS_REGION",
                        REGION,
                        "TASKS_API_URL",
                        gateway.baseUrl().toString()));
        var process = builder.start();
        process.getOutputStream().close();
        var printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        Files.delete(modules);
        return printed;
    }

    /** The indented lines of docs/api.md from the import on. */
    private static String program() throws IOException {
        List<String> lines = Files.readAllLines(Modules.ROOT.resolve("docs/api.md"));
        int start = lines.indexOf("    import { AwsClient } from \"aws4fetch\";");
        return lines.subList(start, lines.size()).stream()
                .takeWhile(line -> line.isEmpty() || line.startsWith("    "))
                .collect(Collectors.joining("\n"));
    }

    /** As API Gateway with IAM: on to the function, or 403. */
    private static byte[] guarded(byte[] event) throws IOException {
        return isSigned(JSON.readTree(event))
                ? stack.function(LocalStack.SEND_FUNCTION).invoke(event)
                : Json.write(Map.of("statusCode", 403, "body", Json.writeText(Map.of("message", "Forbidden"))));
    }

    private static boolean isSigned(JsonNode event) {
        JsonNode headers = event.path("headers");
        Matcher authorization =
                AUTHORIZATION.matcher(headers.path("authorization").asText());
        if (!authorization.matches()) {
            return false;
        }
        List<String> signed = Arrays.asList(authorization.group("headers").split(";"));
        List<HttpHeader> given = new ArrayList<>();
        for (String name : signed) {
            // The signer adds these itself.
            if (!name.equals("x-amz-date") && !name.equals("x-amz-security-token")) {
                given.add(new HttpHeader(name, headers.path(name).asText()));
            }
        }
        var body = ByteBuffer.wrap(event.path("body").asText().getBytes(UTF_8));
        var request = new HttpRequest(
                event.at("/requestContext/http/method").asText(),
                event.path("rawPath").asText(),
                given.toArray(HttpHeader[]::new),
                new HttpRequestBodyStream() {
                    @Override
                    public boolean sendRequestBody(ByteBuffer to) {
                        while (body.hasRemaining() && to.hasRemaining()) {
                            to.put(body.get());
                        }
                        return !body.hasRemaining();
                    }

                    @Override
                    public boolean resetPosition() {
                        body.rewind();
                        return true;
                    }
                });
        try (var config = new AwsSigningConfig()) {
            config.setRegion(REGION);
            config.setService("execute-api");
            config.setCredentials(CALLER);
            config.setTime(Instant.from(DATE.parse(headers.path("x-amz-date").asText()))
                    .toEpochMilli());
            HttpRequest ours = AwsSigner.signRequest(request, config).get();
            return signed.containsAll(List.of("host", "x-amz-date", "x-amz-security-token"))
                    && header(ours, "Authorization").equals(authorization.group());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeaders().stream()
                .filter(header -> header.getName().equalsIgnoreCase(name))
                .map(HttpHeader::getValue)
                .findFirst()
                .orElse("");
    }
}
