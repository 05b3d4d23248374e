package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files in {@code events/}, each a situation as AWS delivers it. */
final class SendEvents {

    private static final Path FOLDER = Path.of("..", "events");

    private SendEvents() {}

    static byte[] read(String name) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(name + ".json"));
    }

    /** The event with one member replaced. */
    static byte[] readWith(String name, String member, Object value) throws IOException, BadJson {
        Map<String, Object> event = new LinkedHashMap<>(Json.parseObject(read(name)));
        event.put(member, value);
        return Json.write(event);
    }

    /** The event with its text changed. */
    static byte[] readReplacing(String name, String text, String by) throws IOException {
        String event = new String(read(name), UTF_8);
        if (!event.contains(text)) {
            throw new IllegalArgumentException(name + " does not contain " + text);
        }
        return event.replace(text, by).getBytes(UTF_8);
    }

    /** All events of send-function, and the bodies of the HTTP events once more as direct calls. */
    static List<byte[]> ofSendFunctionAndTheirBodies() throws IOException, BadJson {
        List<byte[]> payloads = new ArrayList<>();
        for (Path file : files()) {
            byte[] event = Files.readAllBytes(file);
            payloads.add(event);
            if (Json.parseObject(event).get("body") instanceof String body) {
                payloads.add(body.getBytes(UTF_8));
            }
        }
        return payloads;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().matches("(send|read|cancel|unknown)-.*\\.json"))
                    .sorted()
                    .toList();
        }
    }
}
