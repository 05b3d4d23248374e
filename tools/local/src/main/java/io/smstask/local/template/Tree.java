package io.smstask.local.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * YAML with its line numbers. Scalars are text, whatever they look like: CloudFormation and the environment of a
 * function take them so too. A question that a node cannot answer is an error that names the line.
 */
sealed interface Tree {
    /** Counted from 1. */
    int line();

    default String text() {
        throw new TemplateException(line(), "expected text");
    }

    default List<Tree> items() {
        throw new TemplateException(line(), "expected a list");
    }

    default Map<String, Tree> fields() {
        throw new TemplateException(line(), "expected named fields");
    }

    default Tree get(String name) {
        return find(name).orElseThrow(() -> new TemplateException(line(), "lacks " + name));
    }

    default Optional<Tree> find(String name) {
        return Optional.ofNullable(fields().get(name));
    }

    /** The node at the end of the path; empty where a part of it is not there. */
    default Optional<Tree> find(String name, String... further) {
        var found = find(name);
        for (String next : further) {
            found = found.flatMap(tree -> tree.find(next));
        }
        return found;
    }

    record Text(String text, int line) implements Tree {}

    record Items(List<Tree> items, int line) implements Tree {}

    record Fields(Map<String, Tree> fields, int line) implements Tree {}

    /** An intrinsic function. {@code !Sub x} and {@code Fn::Sub: x} are both named {@code Sub}. */
    record Call(String name, Tree argument, int line) implements Tree {}
}
