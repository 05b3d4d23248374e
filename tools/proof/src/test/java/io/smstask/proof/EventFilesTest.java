package io.smstask.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.security.RequestValidator;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files in {@code events/} are what they say: whoever edits one by hand learns here what no longer fits. */
final class EventFilesTest {
    private static final Path EVENTS = Template.find().resolveSibling("events");
    private static final String AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> NOT_SIGNED = Set.of("callback-forged.json", "callback-unsigned.json");

    /** Twilio's validator takes a map: no field twice, and nothing that is not a form. */
    private static final Set<String> NOT_A_MAP =
            Set.of("callback-not-a-form.json", "callback-rubbish.json", "callback-repeated-field.json");

    static Stream<Path> callbacks() throws IOException {
        return files("callback-");
    }

    static Stream<Path> forms() throws IOException {
        return callbacks().filter(file -> !NOT_A_MAP.contains(name(file)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_callback_is_signed_as_twilio_signs_unless_it_is_named_after_the_contrary(Path file) throws IOException {
        var event = JSON.readTree(file.toFile());
        var path = event.path("version").asText().equals("2.0") ? event.get("rawPath") : event.get("path");
        var url = "https://callbacks.example.com" + path.asText();
        var signature = headers(event).getOrDefault("X-Twilio-Signature", "");

        assertThat(new RequestValidator(AUTH_TOKEN).validate(url, form(body(event)), signature))
                .isEqualTo(!NOT_SIGNED.contains(name(file)));
    }

    @ParameterizedTest
    @MethodSource("callbacks")
    void content_length_counts_the_bytes_of_the_body(Path file) throws IOException {
        var event = JSON.readTree(file.toFile());

        assertThat(headers(event))
                .containsEntry("Content-Length", "" + body(event).getBytes(UTF_8).length);
    }

    @Test
    void env_json_sets_only_variables_that_the_template_names() throws IOException {
        // `sam local` drops every other one without a word.
        var env = JSON.readTree(EVENTS.resolve("env.json").toFile());
        var functions = Template.read(Template.find())
                .functions(Map.of(
                        "TasksTable", "any",
                        "PollQueue", "any",
                        "CallbackApi.ApiEndpoint", "any",
                        "DynamoDbUrl", "any",
                        "TwilioSecretId", "any"));

        assertThat(env).hasSameSizeAs(functions);
        assertThat(functions)
                .allSatisfy(function ->
                        assertThat(function.environment().keySet()).containsAll(names(env.get(function.logicalId()))));
    }

    @Test
    void the_readme_names_every_file() throws IOException {
        var readme = Files.readString(EVENTS.resolve("README.md"));
        try (var files = files("")) {
            assertThat(files.map(file -> name(file).replace(".json", "")))
                    .allSatisfy(name ->
                            assertThat(readme).containsAnyOf(name, name.replaceFirst("callback(-delivered)?", "")));
        }
    }

    private static Stream<Path> files(String prefix) throws IOException {
        try (var files = Files.list(EVENTS)) {
            return files
                    .filter(file -> name(file).startsWith(prefix))
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Map<String, String> headers(JsonNode event) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        event.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        return headers;
    }

    private static String body(JsonNode event) {
        var body = event.get("body").asText();
        return event.get("isBase64Encoded").asBoolean()
                ? new String(Base64.getDecoder().decode(body), UTF_8)
                : body;
    }

    private static Map<String, String> form(String body) {
        var fields = new HashMap<String, String>();
        Arrays.stream(body.split("&"))
                .map(field -> field.split("=", 2))
                .forEach(field -> fields.put(URLDecoder.decode(field[0], UTF_8), URLDecoder.decode(field[1], UTF_8)));
        return fields;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static Set<String> names(JsonNode object) {
        return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .collect(Collectors.toSet());
    }
}
