package io.smstask.local.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML, with CloudFormation's functions in their short form, into a {@link YamlTree}. */
final class YamlReader {
    /** All that CloudFormation has: the template may also use those that {@link Intrinsics} does not evaluate. */
    private static final Set<String> FUNCTIONS = Set.of(("And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs If"
                    + " ImportValue Join Not Or Ref Select Split Sub Transform")
            .split(" "));

    private YamlReader() {}

    static YamlTree read(String yaml) {
        try {
            return new Compose(LoadSettings.builder().build())
                    .composeString(yaml)
                    .map(YamlReader::tree)
                    .orElseThrow(() -> new TemplateException("template.yaml is empty"));
        } catch (MarkedYamlEngineException e) {
            var line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new TemplateException(line, e.getProblem());
        } catch (YamlEngineException e) {
            throw new TemplateException("template.yaml is not YAML: " + e.getMessage());
        }
    }

    private static YamlTree tree(Node node) {
        var tag = node.getTag().getValue();
        // YAML's own tags look like "tag:yaml.org,2002:str", those of CloudFormation like "!Ref".
        return tag.startsWith("!") ? call(tag.substring(1), plain(node)) : plain(node);
    }

    private static YamlTree plain(Node node) {
        int line = node.getStartMark().orElseThrow().getLine() + 1;
        if (node instanceof ScalarNode scalar) {
            return new YamlTree.Text(scalar.getValue(), line);
        }
        if (node instanceof SequenceNode sequence) {
            var items = new ArrayList<YamlTree>();
            sequence.getValue().forEach(item -> items.add(tree(item)));
            return new YamlTree.Sequence(Collections.unmodifiableList(items), line);
        }
        var fields = new LinkedHashMap<String, YamlTree>();
        for (var pair : ((MappingNode) node).getValue()) {
            var name = tree(pair.getKeyNode());
            if (fields.put(name.text(), tree(pair.getValueNode())) != null) {
                throw new TemplateException(name.line(), name.text() + " is repeated");
            }
        }
        return new YamlTree.Mapping(Collections.unmodifiableMap(fields), line);
    }

    private static YamlTree call(String name, YamlTree argument) {
        if (!FUNCTIONS.contains(name)) {
            throw new TemplateException(argument.line(), "CloudFormation has no function !" + name);
        }
        return new YamlTree.FunctionCall(name, argument, argument.line());
    }
}
