package io.smstask.local.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * YAML with line numbers. All scalars are text, as they are to CloudFormation and in a function's environment. Reading
 * a node as something that it is not is an error that names the line.
 */
sealed interface YamlTree {
    /** Counted from 1. */
    int line();

    default String text() {
        throw new TemplateException(line(), "expected text");
    }

    default List<YamlTree> items() {
        throw new TemplateException(line(), "expected a list");
    }

    default Map<String, YamlTree> fields() {
        throw new TemplateException(line(), "expected named fields");
    }

    default YamlTree get(String name) {
        return find(name).orElseThrow(() -> new TemplateException(line(), "lacks " + name));
    }

    default Optional<YamlTree> find(String name) {
        return Optional.ofNullable(fields().get(name));
    }

    /** The node at the end of the path; empty if a part of it is missing. */
    default Optional<YamlTree> find(String name, String... further) {
        var found = find(name);
        for (String next : further) {
            found = found.flatMap(tree -> tree.find(next));
        }
        return found;
    }

    record Text(String text, int line) implements YamlTree {}

    record Sequence(List<YamlTree> items, int line) implements YamlTree {}

    record Mapping(Map<String, YamlTree> fields, int line) implements YamlTree {}

    /** An intrinsic function; {@code !Sub x} is named {@code Sub}. */
    record FunctionCall(String name, YamlTree argument, int line) implements YamlTree {}
}
