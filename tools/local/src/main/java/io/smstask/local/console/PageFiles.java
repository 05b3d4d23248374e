package io.smstask.local.console;

import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Serves the page's files by name, and no other file. */
final class PageFiles {

    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, String> TYPES = new LinkedHashMap<>(Map.of(
            "index.html", "text/html; charset=utf-8",
            "console.css", "text/css; charset=utf-8",
            "diagram.css", "text/css; charset=utf-8",
            "icon.svg", "image/svg+xml"));

    static {
        for (String module : new String[] {
            "main",
            "dom",
            "api",
            "tasks",
            "list",
            "processes",
            "diagram",
            "detail",
            "editor",
            "ask",
            "form",
            "choices",
            "fields",
            "bulk",
            "phone",
            "simulator"
        }) {
            TYPES.put(module + ".js", JAVASCRIPT);
        }
    }

    private PageFiles() {}

    static void routes(JavalinConfig config) {
        TYPES.forEach((name, type) -> {
            byte[] content = read(name);
            config.routes.get(
                    name.equals("index.html") ? "/" : "/" + name,
                    http -> http.contentType(type).result(content));
        });
    }

    private static byte[] read(String name) {
        try (InputStream file = PageFiles.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the console lacks its file " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the console's file " + name + " cannot be read", e);
        }
    }
}
