package io.smstask.local.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates those of CloudFormation's functions that the template's environments and conditions use. */
final class Intrinsics {
    private final YamlTree conditions;
    private final Map<String, String> values;

    /**
     * @param conditions the template's section of that name
     * @param values what {@code !Ref X} (under {@code X}) and {@code !GetAtt X.Y} (under {@code X.Y}) stand for
     */
    Intrinsics(YamlTree conditions, Map<String, String> values) {
        this.conditions = conditions;
        this.values = values;
    }

    /** The value as text; empty if it is {@code AWS::NoValue}, which removes a property. */
    Optional<String> text(YamlTree tree) {
        if (!(tree instanceof YamlTree.FunctionCall call)) {
            return Optional.of(tree.text());
        }
        var argument = call.argument();
        return switch (call.name()) {
            case "Ref" -> argument.text().equals("AWS::NoValue") ? Optional.empty() : Optional.of(value(argument));
            case "GetAtt" -> Optional.of(value(argument));
            case "If" -> text(item(argument, holds(item(argument, 0)) ? 1 : 2));
            case "Join" ->
                Optional.of(joined(item(argument, 1), item(argument, 0).text()));
            default -> throw notEvaluated(call);
        };
    }

    private String joined(YamlTree parts, String separator) {
        List<String> texts = new ArrayList<>();
        parts.items().forEach(part -> text(part).ifPresent(texts::add));
        return String.join(separator, texts);
    }

    /** Whether the condition of this name holds. */
    boolean holds(YamlTree name) {
        return isTrue(conditions.get(name.text()));
    }

    private boolean isTrue(YamlTree tree) {
        if (!(tree instanceof YamlTree.FunctionCall call)) {
            throw new TemplateException(tree.line(), "expected a condition");
        }
        return switch (call.name()) {
            case "Equals" -> text(item(call.argument(), 0)).equals(text(item(call.argument(), 1)));
            case "Not" -> !isTrue(item(call.argument(), 0));
            default -> throw notEvaluated(call);
        };
    }

    private static TemplateException notEvaluated(YamlTree.FunctionCall call) {
        return new TemplateException(call.line(), "!" + call.name() + " is not evaluated here: add it to Intrinsics");
    }

    private String value(YamlTree name) {
        var value = values.get(name.text());
        if (value == null) {
            throw new TemplateException(name.line(), "no value is given for " + name.text());
        }
        return value;
    }

    private static YamlTree item(YamlTree list, int index) {
        if (list.items().size() <= index) {
            throw new TemplateException(list.line(), "expected at least " + (index + 1) + " items");
        }
        return list.items().get(index);
    }
}
