package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The documents that name tests as {@code Class#method} name those that there are. */
class DocumentsNameTestsTest {

    private static final Pattern METHOD = Pattern.compile("void ([a-z0-9_]+)\\(");
    private static final Pattern NAMED = Pattern.compile("`([A-Za-z0-9]+#[a-z0-9_]+)`");
    private static final Pattern INCIDENT = Pattern.compile(".*#incident_([0-9]+)_.*");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9]+) \\| .*");

    private static Set<String> tests;

    @BeforeAll
    static void read_the_tests() throws IOException {
        tests = new TreeSet<>();
        for (Path module : Modules.folders()) {
            try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    Matcher method = METHOD.matcher(Files.readString(file));
                    while (method.find()) {
                        tests.add(name + "#" + method.group(1));
                    }
                }
            }
        }
    }

    @Test
    void every_incident_has_tests_and_every_test_of_an_incident_stands_in_its_row() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(Modules.ROOT.resolve("docs/incidents.md")));
        Set<Integer> numbers = new TreeSet<>();
        while (row.find()) {
            numbers.add(Integer.valueOf(row.group(1)));
            Set<String> ofRow = named(row.group());
            assertThat(ofRow).as("incident %s", row.group(1)).anyMatch(test -> isOf(test, row.group(1)));
            for (String test : ofRow) {
                if (INCIDENT.matcher(test).matches()) {
                    assertThat(isOf(test, row.group(1))).as(test).isTrue();
                    listed.add(test);
                }
            }
        }

        assertThat(numbers).containsAll(IntStream.rangeClosed(1, 29).boxed().toList());
        assertThat(listed)
                .isEqualTo(tests.stream()
                        .filter(test -> INCIDENT.matcher(test).matches())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void every_test_that_a_document_names_exists() throws IOException {
        for (String document : List.of("SECURITY.md", "docs/incidents.md")) {
            Set<String> named = named(Files.readString(Modules.ROOT.resolve(document)));

            assertThat(named).as(document).hasSizeGreaterThan(20);
            assertThat(tests).as(document).containsAll(named);
        }
    }

    @Test
    void every_threat_names_a_test_or_says_why_there_is_none() throws IOException {
        String text = Files.readString(Modules.ROOT.resolve("SECURITY.md"));
        int table = text.indexOf("| --- |", text.indexOf("## Threats"));
        List<String> threats = text.substring(table)
                .lines()
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .filter(line -> !line.startsWith("| **"))
                .toList();

        assertThat(threats).hasSizeGreaterThan(20);
        assertThat(threats).allSatisfy(threat -> {
            String shown = threat.split("\\|")[3];
            assertThat(named(shown).isEmpty()).as(threat).isEqualTo(shown.contains("no test:"));
        });
    }

    private static boolean isOf(String test, String number) {
        Matcher incident = INCIDENT.matcher(test);
        return incident.matches() && incident.group(1).equals(number);
    }

    private static Set<String> named(String text) {
        Set<String> named = new TreeSet<>();
        Matcher test = NAMED.matcher(text);
        while (test.find()) {
            named.add(test.group(1));
        }
        return named;
    }
}
