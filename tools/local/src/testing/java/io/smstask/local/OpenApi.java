package io.smstask.local;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code docs/openapi.yaml}, and whether calls and answers are as it says. */
public final class OpenApi {

    private static final OpenApi DOCUMENT = new OpenApi();

    /** Transport's own. */
    private static final Set<String> HEADERS = Set.of("content-type", "content-length", "date");

    /** After these the call need not have been a valid one. */
    private static final Set<Integer> REFUSALS = Set.of(400, 404, 413, 415);

    private static final String NUMBER = "NUMBER";

    private final Map<String, Object> root;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<Map<String, Object>, Schema> schemas = new ConcurrentHashMap<>();
    private final Set<String> operations;
    private final Set<String> answers;

    private OpenApi() {
        try {
            root = object(new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(Template.find().resolveSibling("docs/openapi.yaml"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        operations = readOperations();
        answers = readAnswers();
    }

    /** The document. */
    public static OpenApi document() {
        return DOCUMENT;
    }

    /**
     * A call.
     *
     * @param body empty if there is none
     */
    public record Call(String method, String path, Map<String, String> headers, String body) {

        /** The headers' names in any case. */
        public Call {
            headers = anyCase(headers);
        }
    }

    /**
     * An answer.
     *
     * @param body empty if there is none
     */
    public record Answer(int status, Map<String, String> headers, String body) {

        /** The headers' names in any case. */
        public Answer {
            headers = anyCase(headers);
        }
    }

    /** A path of the document with the parameters that a called path has for it. */
    private record Route(String path, Map<String, String> parameters) {}

    /** The operations: {@code POST /tasks}, for instance. */
    public Set<String> operations() {
        return operations;
    }

    /**
     * The answers, apart from API Gateway's own: operation, status and, where the document names it for that status, the code.
     * {@code POST /tasks 422 NUMBER} is any of Twilio's.
     */
    public Set<String> answers() {
        return answers;
    }

    private Set<String> readOperations() {
        Set<String> found = new TreeSet<>();
        object(root.get("paths"))
                .forEach((path, item) -> object(item).forEach((method, operation) -> {
                    if (operation instanceof Map && object(operation).containsKey("responses")) {
                        found.add(method.toUpperCase(Locale.ROOT) + " " + path);
                    }
                }));
        return Collections.unmodifiableSet(found);
    }

    private Set<String> readAnswers() {
        Set<String> found = new TreeSet<>();
        for (String operation : operations) {
            for (String status : responses(operation).keySet()) {
                found.addAll(answers(operation, status));
            }
        }
        return Collections.unmodifiableSet(found);
    }

    private Set<String> answers(String operation, String status) {
        Set<String> found = new TreeSet<>();
        Map<String, Object> contents = object(response(operation, status).get("content"));
        if (contents.isEmpty()) {
            found.add(operation + " " + status);
        }
        contents.values().forEach(content -> {
            for (Map<String, Object> schema : oneOf(object(object(content).get("schema")))) {
                Set<String> codes = new TreeSet<>();
                addCodes(schema, codes);
                codes.forEach(code -> found.add(operation + " " + status + " " + code));
                if (codes.isEmpty() && !isGateways(schema)) {
                    found.add(operation + " " + status);
                }
            }
        });
        return found;
    }

    /** The answer's name in {@link #answers}. */
    public String nameOf(Call call, Answer answer) {
        String status = call.method() + " " + route(call).map(Route::path).orElse("?") + " " + answer.status();
        Object code = answer.body().isEmpty() ? "" : json(answer.body()).getOrDefault("code", "");
        String name = status + " " + (code.toString().matches("[0-9]+") ? NUMBER : code);
        return answers.contains(name) ? name : status;
    }

    /** The examples of the operation's calls, by name. */
    public Map<String, Map<String, Object>> examples(String operation) {
        Map<String, Map<String, Object>> examples = new TreeMap<>();
        object(object(operation(operation).get("requestBody")).get("content"))
                .values()
                .forEach(content -> object(object(content).get("examples"))
                        .forEach((name, example) ->
                                examples.put(name, object(object(example).get("value")))));
        return examples;
    }

    /** Fails if the call or its answer is not as the document says. */
    public void check(Call call, Answer answer) {
        List<String> faults = new ArrayList<>();
        Optional<Route> route = route(call);
        String operation = call.method() + " " + route.map(Route::path).orElse("?");
        if (operations.contains(operation)) {
            checkAnswer(operation, answer, faults);
            if (!REFUSALS.contains(answer.status())) {
                checkCall(operation, route.orElseThrow(), call, faults);
            }
        } else if (answer.status() != 404) {
            faults.add("is not documented");
        }
        if (!faults.isEmpty()) {
            throw new AssertionError(
                    operation + " was answered " + answer + ", but docs/openapi.yaml says otherwise: " + faults);
        }
    }

    private void checkAnswer(String operation, Answer answer, List<String> faults) {
        String status = String.valueOf(answer.status());
        if (!responses(operation).containsKey(status)) {
            faults.add("status " + status + " is not documented");
            return;
        }
        Map<String, Object> response = response(operation, status);
        Map<String, Object> headers = anyCase(object(response.get("headers")));
        headers.forEach((name, header) ->
                checkParameter(name, resolved(header), answer.headers().get(name), faults));
        answer.headers().keySet().stream()
                .filter(name -> !headers.containsKey(name) && !HEADERS.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> faults.add("header " + name + " is not documented"));
        checkBody(object(response.get("content")), answer.headers(), answer.body(), faults);
    }

    private void checkCall(String operation, Route route, Call call, List<String> faults) {
        List<Object> parameters = new ArrayList<>(list(pathItem(route.path()).get("parameters")));
        parameters.addAll(list(operation(operation).get("parameters")));
        for (Object listed : parameters) {
            Map<String, Object> parameter = resolved(listed);
            String name = parameter.get("name").toString();
            boolean isHeader = parameter.get("in").equals("header");
            checkParameter(name, parameter, (isHeader ? call.headers() : route.parameters()).get(name), faults);
        }
        Map<String, Object> body = object(operation(operation).get("requestBody"));
        if (!call.body().isEmpty() || Boolean.TRUE.equals(body.get("required"))) {
            checkBody(object(body.get("content")), call.headers(), call.body(), faults);
        }
    }

    private void checkParameter(String name, Map<String, Object> parameter, String value, List<String> faults) {
        if (value != null) {
            Map<String, Object> schema = object(parameter.get("schema"));
            boolean isText = resolved(schema).get("type").equals("string");
            validate(schema, isText ? quoted(value) : value, name + ": ", faults);
        } else if (Boolean.TRUE.equals(parameter.get("required"))) {
            faults.add(name + " is missing");
        }
    }

    private void checkBody(
            Map<String, Object> contents, Map<String, String> headers, String body, List<String> faults) {
        String type = headers.getOrDefault("Content-Type", "none");
        if (contents.isEmpty()) {
            if (!body.isEmpty()) {
                faults.add("a body is not documented");
            }
        } else if (!contents.containsKey(type)) {
            faults.add("content type " + type + " is not documented");
        } else {
            String json = type.equals("application/json") ? body : form(body);
            validate(object(object(contents.get(type)).get("schema")), json, "", faults);
        }
    }

    private void validate(Map<String, Object> schema, String json, String of, List<String> faults) {
        schemas.computeIfAbsent(schema, this::schema)
                .validate(json, InputFormat.JSON)
                .forEach(error -> faults.add(of + error));
    }

    /** With what its references name. */
    private Schema schema(Map<String, Object> schema) {
        Map<String, Object> whole = new LinkedHashMap<>(schema);
        whole.put("components", root.get("components"));
        return registry.getSchema(Json.writeText(whole), InputFormat.JSON);
    }

    /** The codes that the schema lists. */
    private void addCodes(Map<String, Object> schema, Set<String> codes) {
        Map<String, Object> resolved = resolved(schema);
        list(resolved.get("allOf")).forEach(part -> addCodes(object(part), codes));
        addWords(object(object(resolved.get("properties")).get("code")), codes);
    }

    private void addWords(Map<String, Object> schema, Set<String> words) {
        Map<String, Object> resolved = resolved(schema);
        list(resolved.get("anyOf")).forEach(part -> addWords(object(part), words));
        list(resolved.get("enum")).forEach(word -> words.add(word.toString()));
        if (resolved.containsKey("const")) {
            words.add(resolved.get("const").toString());
        }
        if (resolved.containsKey("pattern")) {
            words.add(NUMBER);
        }
    }

    private static List<Map<String, Object>> oneOf(Map<String, Object> schema) {
        return schema.containsKey("oneOf")
                ? list(schema.get("oneOf")).stream().map(OpenApi::object).toList()
                : List.of(schema);
    }

    private static boolean isGateways(Map<String, Object> schema) {
        return "#/components/schemas/GatewayError".equals(schema.get("$ref"));
    }

    private Optional<Route> route(Call call) {
        for (String path : object(root.get("paths")).keySet()) {
            Pattern pattern = Pattern.compile(path.replaceAll("\\{\\w+}", "([^/]+)"));
            Matcher called = pattern.matcher(call.path());
            if (called.matches()) {
                Map<String, String> parameters = new LinkedHashMap<>();
                Matcher name = Pattern.compile("\\{(\\w+)}").matcher(path);
                for (int i = 1; name.find(); i++) {
                    parameters.put(name.group(1), called.group(i));
                }
                return Optional.of(new Route(path, parameters));
            }
        }
        return Optional.empty();
    }

    private Map<String, Object> pathItem(String path) {
        return object(object(root.get("paths")).get(path));
    }

    private Map<String, Object> operation(String operation) {
        String[] words = operation.split(" ");
        return object(pathItem(words[1]).get(words[0].toLowerCase(Locale.ROOT)));
    }

    private Map<String, Object> responses(String operation) {
        return object(operation(operation).get("responses"));
    }

    private Map<String, Object> response(String operation, String status) {
        return resolved(responses(operation).get(status));
    }

    /** What a reference names, or the object itself. */
    private Map<String, Object> resolved(Object referenceOrObject) {
        Map<String, Object> object = object(referenceOrObject);
        if (!(object.get("$ref") instanceof String reference)) {
            return object;
        }
        Map<String, Object> named = root;
        for (String name : reference.substring("#/".length()).split("/")) {
            named = object(named.get(name));
        }
        return named;
    }

    /** A form as JSON. */
    static String form(String body) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String field : body.split("&")) {
            String[] pair = field.split("=", 2);
            fields.put(decoded(pair[0]), pair.length == 1 ? "" : decoded(pair[1]));
        }
        return Json.writeText(fields);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        String object = Json.writeText(Map.of("", text));
        return object.substring(object.indexOf(':') + 1, object.length() - 1);
    }

    private static Map<String, Object> json(String body) {
        try {
            return Json.parseObject(body);
        } catch (BadJson e) {
            throw new AssertionError("an answer is not a JSON object: " + body, e);
        }
    }

    private static <T> Map<String, T> anyCase(Map<String, T> headers) {
        Map<String, T> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        return anyCase;
    }

    @SuppressWarnings("unchecked") // YAML objects have text keys here
    private static Map<String, Object> object(Object value) {
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }

    @SuppressWarnings("unchecked") // a list's items are looked at one by one
    private static List<Object> list(Object value) {
        return value instanceof List ? (List<Object>) value : List.of();
    }
}
