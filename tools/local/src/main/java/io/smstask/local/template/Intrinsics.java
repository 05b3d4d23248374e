package io.smstask.local.template;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Works out the template's functions with given values for what they refer to. */
final class Intrinsics {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");

    private final Tree conditions;
    private final Map<String, String> values;

    /**
     * @param conditions the template's section of that name
     * @param values what {@code !Ref X} (under {@code X}) and {@code !GetAtt X.Y} (under {@code X.Y}) stand for
     */
    Intrinsics(Tree conditions, Map<String, String> values) {
        this.conditions = conditions;
        this.values = values;
    }

    /** The value as text; empty where the template takes it away by {@code AWS::NoValue}. */
    Optional<String> text(Tree tree) {
        if (!(tree instanceof Tree.Call call)) {
            return Optional.of(tree.text());
        }
        return switch (call.name()) {
            case "Ref" -> ref(call.argument());
            case "GetAtt" -> Optional.of(value(attribute(call.argument()), call.line()));
            case "Sub" -> Optional.of(substitute(call.argument()));
            case "Join" -> Optional.of(join(call.argument()));
            case "If" -> text(choose(call.argument()));
            default -> throw new TemplateException(call.line(), "!" + call.name() + " is not worked out here");
        };
    }

    private boolean holds(Tree tree) {
        if (!(tree instanceof Tree.Call call)) {
            throw new TemplateException(tree.line(), "expected a condition");
        }
        var argument = call.argument();
        return switch (call.name()) {
            case "Equals" -> text(item(argument, 0)).equals(text(item(argument, 1)));
            case "Not" -> !holds(item(argument, 0));
            case "And" -> argument.items().stream().allMatch(this::holds);
            case "Or" -> argument.items().stream().anyMatch(this::holds);
            case "Condition" -> holds(conditions.get(argument.text()));
            default -> throw new TemplateException(call.line(), "!" + call.name() + " is no condition");
        };
    }

    private Optional<String> ref(Tree name) {
        return name.text().equals("AWS::NoValue") ? Optional.empty() : Optional.of(value(name.text(), name.line()));
    }

    private static String attribute(Tree name) {
        return name instanceof Tree.Items parts
                ? parts.items().stream().map(Tree::text).collect(Collectors.joining("."))
                : name.text();
    }

    private Tree choose(Tree argument) {
        var condition = item(argument, 0);
        return item(argument, holds(new Tree.Call("Condition", condition, condition.line())) ? 1 : 2);
    }

    private String join(Tree argument) {
        return item(argument, 1).items().stream()
                .flatMap(part -> text(part).stream())
                .collect(Collectors.joining(item(argument, 0).text()));
    }

    private String substitute(Tree argument) {
        if (!(argument instanceof Tree.Items)) {
            return substitute(argument, Map.of());
        }
        return substitute(item(argument, 0), item(argument, 1).fields());
    }

    private String substitute(Tree pattern, Map<String, Tree> own) {
        return VARIABLE.matcher(pattern.text()).replaceAll(match -> {
            var name = match.group(2);
            // ${!x} is how the template writes ${x} itself.
            if (!match.group(1).isEmpty()) {
                return Matcher.quoteReplacement("${" + name + "}");
            }
            var text = own.containsKey(name) ? text(own.get(name)).orElse("") : value(name, pattern.line());
            return Matcher.quoteReplacement(text);
        });
    }

    private String value(String name, int line) {
        var value = values.get(name);
        if (value == null) {
            throw new TemplateException(line, "no value is given for " + name);
        }
        return value;
    }

    private static Tree item(Tree list, int index) {
        if (list.items().size() <= index) {
            throw new TemplateException(list.line(), "expected at least " + (index + 1) + " items");
        }
        return list.items().get(index);
    }
}
