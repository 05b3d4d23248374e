package io.smstask.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the files in {@code events/}, each an event as AWS delivers it. */
final class CallbackEvents {

    private static final Path FOLDER = Path.of("..", "events");

    private CallbackEvents() {}

    static byte[] read(String name) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(name + ".json"));
    }

    /** The event with this text replaced. */
    static byte[] readReplacing(String name, String text, String by) throws IOException {
        String event = new String(read(name), UTF_8);
        if (!event.contains(text)) {
            throw new IllegalArgumentException(name + " does not contain " + text);
        }
        return event.replace(text, by).getBytes(UTF_8);
    }

    /** The event with these members added or replaced. */
    static byte[] readWith(String name, Map<String, Object> members) throws IOException, BadJson {
        Map<String, Object> event = new LinkedHashMap<>(Json.parseObject(read(name)));
        event.putAll(members);
        return Json.write(event);
    }

    /** The names of all events for callback-function. */
    static List<String> ofCallbackFunction() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("callback-.*\\.json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }
}
