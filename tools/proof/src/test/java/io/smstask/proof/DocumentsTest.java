package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A reader of the documents is led nowhere that does not exist. */
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    @Test
    void every_link_within_the_project_leads_to_a_file_and_its_heading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            for (var link : LINK.matcher(Files.readString(document)).results().toList()) {
                links++;
                Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                boolean leads = Files.exists(target)
                        && (link.group(2) == null || headings(target).contains(link.group(2)));
                if (!leads) {
                    broken.add(Modules.ROOT.relativize(document) + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(200);
    }

    @Test
    void commands_name_parameters_and_outputs_of_the_template() throws IOException {
        String template = Files.readString(Template.find());
        String outputs = template.substring(template.indexOf("\nOutputs:\n"));
        Set<String> parameters = new TreeSet<>();
        Set<String> named = new TreeSet<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            Pattern.compile("--parameter-overrides((?: [A-Z]\\w+=\\S+)+)")
                    .matcher(text)
                    .results()
                    .flatMap(command ->
                            Pattern.compile("(\\w+)=").matcher(command.group(1)).results())
                    .forEach(parameter -> parameters.add(parameter.group(1)));
            Pattern.compile("\\$\\(output (\\w+)\\)|OutputKey=='(\\w+)'")
                    .matcher(text)
                    .results()
                    .forEach(output -> named.add(output.group(1) == null ? output.group(2) : output.group(1)));
        }

        assertThat(parameters).contains("TwilioSecretId").isSubsetOf(parametersOfTemplates());
        assertThat(named).contains("TasksTableName").allMatch(output -> outputs.contains("\n  " + output + ":\n"));
    }

    /** Of the template, and of the examples that are deployed beside it. */
    private static Set<String> parametersOfTemplates() throws IOException {
        Set<String> parameters =
                new TreeSet<>(Template.read(Template.find()).parameters().keySet());
        for (String example : List.of("jwt-api.yaml", "webhook.yaml")) {
            String text = Files.readString(Modules.ROOT.resolve("docs/examples").resolve(example));
            String section = text.substring(text.indexOf("\nParameters:\n"), text.indexOf("\nResources:\n"));
            Pattern.compile("\n  (\\w+):\n")
                    .matcher(section)
                    .results()
                    .forEach(parameter -> parameters.add(parameter.group(1)));
        }
        return parameters;
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(Modules.ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !Modules.ROOT.relativize(file).toString().matches("(.*/)?(target|node_modules)/.*"))
                    .toList();
        }
    }

    /** The anchors that GitHub makes of the headings. */
    private static Set<String> headings(Path document) throws IOException {
        return HEADING.matcher(Files.readString(document))
                .results()
                .map(heading -> heading.group(1)
                        .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .strip()
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
