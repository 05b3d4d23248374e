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

/** Makes a {@link Tree} of YAML in which CloudFormation's functions stand as tags or as long names. */
final class TreeReader {
    /** All that CloudFormation has, also those that are not worked out here: the template may use them elsewhere. */
    private static final Set<String> FUNCTIONS = Set.of(("And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs If"
                    + " ImportValue Join Not Or Ref Select Split Sub Transform")
            .split(" "));

    private TreeReader() {}

    static Tree read(String yaml) {
        try {
            return new Compose(LoadSettings.builder().build())
                    .composeString(yaml)
                    .map(TreeReader::tree)
                    .orElseThrow(() -> new TemplateException("template.yaml is empty"));
        } catch (MarkedYamlEngineException e) {
            var line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new TemplateException(line, e.getProblem());
        } catch (YamlEngineException e) {
            throw new TemplateException("template.yaml is not YAML: " + e.getMessage());
        }
    }

    private static Tree tree(Node node) {
        var tag = node.getTag().getValue();
        // A tag of YAML's own is "tag:yaml.org,2002:str" and the like; one of CloudFormation's is "!Ref".
        return tag.startsWith("!") ? call(tag, tag.substring(1), plain(node)) : longForm(plain(node));
    }

    private static Tree plain(Node node) {
        int line = node.getStartMark().orElseThrow().getLine() + 1;
        if (node instanceof ScalarNode scalar) {
            return new Tree.Text(scalar.getValue(), line);
        }
        if (node instanceof SequenceNode sequence) {
            var items = new ArrayList<Tree>();
            sequence.getValue().forEach(item -> items.add(tree(item)));
            return new Tree.Items(Collections.unmodifiableList(items), line);
        }
        var fields = new LinkedHashMap<String, Tree>();
        for (var pair : ((MappingNode) node).getValue()) {
            var name = tree(pair.getKeyNode());
            if (fields.put(name.text(), tree(pair.getValueNode())) != null) {
                throw new TemplateException(name.line(), name.text() + " stands there twice");
            }
        }
        return new Tree.Fields(Collections.unmodifiableMap(fields), line);
    }

    private static Tree longForm(Tree tree) {
        if (tree instanceof Tree.Fields one && one.fields().size() == 1) {
            var field = one.fields().entrySet().iterator().next();
            if (field.getKey().equals("Ref")) {
                return call("Ref", "Ref", field.getValue());
            }
            if (field.getKey().startsWith("Fn::")) {
                return call(field.getKey(), field.getKey().substring("Fn::".length()), field.getValue());
            }
        }
        return tree;
    }

    private static Tree call(String written, String name, Tree argument) {
        if (!FUNCTIONS.contains(name)) {
            throw new TemplateException(argument.line(), "CloudFormation has no function " + written);
        }
        return new Tree.Call(name, argument, argument.line());
    }
}
