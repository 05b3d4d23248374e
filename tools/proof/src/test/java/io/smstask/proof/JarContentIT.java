package io.smstask.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Collections.disjoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes to AWS: the function, what it needs, and nothing else. */
final class JarContentIT {

    /** The two processors that Lambda has, with the C library of its Amazon Linux. */
    private static final List<String> NATIVE =
            List.of("boot/linux/armv8/glibc/libaws-crt-jni.so", "boot/linux/x86_64/glibc/libaws-crt-jni.so");

    /** Packages of ours that see Lambda's types or, in the poll, the JDK's HTTP client, which the boot class loader does not. */
    private static final String OFF_THE_BOOT_CLASS_PATH = "io/smstask/(.*/)?(entry|poll)/.*";

    /** A built jar; the limit is this project's own (docs/adr/0035). */
    private enum Built {
        SEND("send", "SendEntry", 14_000_000),
        CALLBACK("callback", "CallbackEntry", 7_000_000),
        POLL("poll", "PollEntry", 14_000_000);

        private final Path file;
        private final String folder;
        private final String entry;
        private final long maxBytes;

        Built(String name, String entry, long maxBytes) {
            this.file = Template.find().resolveSibling(name + "-function/target/" + name + "-function-lambda.jar");
            this.folder = "io/smstask/" + name + "/";
            this.entry = folder + "entry/" + entry + ".class";
            this.maxBytes = maxBytes;
        }

        private JarFile open() throws IOException {
            return new JarFile(file.toFile());
        }

        private List<String> names() throws IOException {
            try (var jar = open()) {
                return files(jar).toList();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_holds_its_own_function_and_no_other_code_of_this_project(Built built) throws IOException {
        assertThat(built.names())
                .contains(built.entry)
                .noneMatch(name -> name.contains("io/smstask/local/"))
                .noneMatch(name ->
                        name.matches("(boot/)?io/smstask/(send|callback|poll)/.*") && !name.contains(built.folder));
    }

    @Test
    void callback_function_holds_nothing_of_the_sdk_but_aws_crt() throws IOException {
        assertThat(Built.CALLBACK.names())
                .anyMatch(name -> name.startsWith("boot/software/amazon/awssdk/crt/"))
                .noneMatch(name -> name.matches("boot/(META-INF/.*software\\.amazon\\.awssdk\\.(?!crt).*"
                        + "|software/amazon/awssdk/(?!crt/).*)"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEND", "POLL"})
    void aws_crt_is_the_only_http_client_of_the_sdk(Built built) throws IOException {
        assertThat(built.names())
                .anyMatch(name -> name.startsWith("boot/software/amazon/awssdk/http/crt/"))
                .noneMatch(name -> name.startsWith("boot/io/netty/"))
                .noneMatch(
                        name -> name.matches("boot/software/amazon/awssdk/http/(nio|apache|apache5|urlconnection)/.*"));
    }

    @ParameterizedTest
    @EnumSource
    void object_mappers_are_not_in_it(Built built) throws IOException {
        assertThat(built.names())
                .noneMatch(name -> name.startsWith("boot/com/fasterxml/jackson/databind/"))
                .noneMatch(name -> name.startsWith("com/amazonaws/services/lambda/runtime/serialization/"));
    }

    /** On the boot class path they would stand in front of the runtime's own, of whatever version. */
    @ParameterizedTest
    @EnumSource
    void what_lambdas_runtime_brings_is_not_among_the_libraries(Built built) throws IOException {
        assertThat(built.names())
                .contains("com/amazonaws/services/lambda/runtime/RequestStreamHandler.class")
                .noneMatch(name -> name.matches("boot/com/amazonaws/(?!services/lambda/runtime/events/).*"));
    }

    /** The boot class path sees nothing of the jar's root, and a package on both would be two. */
    @ParameterizedTest
    @EnumSource
    void of_ours_only_the_entries_and_the_poll_are_off_the_boot_class_path(Built built) throws IOException {
        assertThat(built.names())
                .contains("boot/io/smstask/lambda/Log.class")
                .noneMatch(name -> name.matches("boot/" + OFF_THE_BOOT_CLASS_PATH))
                .noneMatch(name -> name.startsWith("io/smstask/") && !name.matches(OFF_THE_BOOT_CLASS_PATH));
    }

    @ParameterizedTest
    @EnumSource
    void native_code_is_there_for_lambdas_two_processors_only(Built built) throws IOException {
        assertThat(built.names())
                .filteredOn(name -> name.matches(".*\\.(so|dll|dylib|jnilib)"))
                .containsExactlyInAnyOrderElementsOf(NATIVE);
    }

    @ParameterizedTest
    @EnumSource
    void no_signature_module_or_class_for_another_java_is_left_over(Built built) throws IOException {
        assertThat(built.names())
                .doesNotHaveDuplicates()
                .noneMatch(name -> name.matches(".*META-INF/[^/]*\\.(SF|RSA|DSA|EC)"))
                .noneMatch(name -> name.endsWith("module-info.class"))
                .noneMatch(name -> name.contains("META-INF/versions/"));
        try (var jar = built.open()) {
            assertThat(jar.getManifest().getMainAttributes())
                    .containsKey(Attributes.Name.MANIFEST_VERSION)
                    .doesNotContainKeys(Attributes.Name.CLASS_PATH, Attributes.Name.MULTI_RELEASE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_service_provider_that_is_named_is_there_too(Built built) throws IOException {
        List<String> absent = new ArrayList<>();
        try (var jar = built.open()) {
            for (String service : files(jar)
                    .filter(name -> name.startsWith("boot/META-INF/services/"))
                    .toList()) {
                for (String provider : providers(jar, service)) {
                    if (jar.getEntry("boot/" + provider.replace('.', '/') + ".class") == null) {
                        absent.add(service + ": " + provider);
                    }
                }
            }
        }
        assertThat(absent).isEmpty();
    }

    /** It may name more: a minimised jar holds none of a library that nothing leads to. */
    @ParameterizedTest
    @EnumSource
    void all_that_it_holds_is_in_its_bill_of_materials_and_no_tool_is(Built built) throws IOException {
        Path bill =
                built.file.resolveSibling(built.file.getFileName().toString().replace("-lambda.jar", ".cdx.json"));
        boolean isOfThisJar = Files.exists(bill)
                && Files.getLastModifiedTime(bill).compareTo(Files.getLastModifiedTime(built.file)) >= 0;
        assumeTrue(isOfThisJar || System.getenv("SBOM_REQUIRED") != null, "made with -Psbom only");
        Set<String> named = new TreeSet<>();
        for (JsonNode component : new ObjectMapper().readTree(bill.toFile()).path("components")) {
            named.add(component.path("name").asText() + "-"
                    + component.path("version").asText() + ".jar");
        }
        Set<String> unnamed = new TreeSet<>();
        for (String name : built.names()) {
            String entry = name.replaceFirst("^boot/", "");
            if (entry.endsWith(".class") && !entry.startsWith("io/smstask/") && disjoint(named, jarsWith(entry))) {
                unnamed.add(entry);
            }
        }

        assertThat(unnamed)
                .as("named by no library of %s, unless that is of an earlier build", bill)
                .isEmpty();
        assertThat(named)
                .anyMatch(jar -> jar.matches("aws-crt-[0-9.]+\\.jar"))
                .noneMatch(jar ->
                        jar.matches("(local|twilio-simulator|lambda-process|junit.*|DynamoDBLocal.*|javalin.*)-.*"));
    }

    /** The libraries on this test's class path, the functions' among them, that have this entry. */
    private static Set<String> jarsWith(String entry) throws IOException {
        Set<String> jars = new TreeSet<>();
        for (URL url : Collections.list(JarContentIT.class.getClassLoader().getResources(entry))) {
            jars.add(url.getPath().replaceFirst("^.*/([^/]+\\.jar)!/.*$", "$1"));
        }
        return jars;
    }

    @ParameterizedTest
    @EnumSource
    void it_does_not_grow_unseen(Built built) throws IOException {
        long size = Files.size(built.file);
        System.out.println(built.file.getFileName() + ": " + size + " bytes, at most " + built.maxBytes);

        assertThat(size).isLessThanOrEqualTo(built.maxBytes);
    }

    private static Stream<String> files(JarFile jar) {
        return jar.stream().filter(entry -> !entry.isDirectory()).map(entry -> entry.getName());
    }

    private static List<String> providers(JarFile jar, String service) throws IOException {
        try (var content = jar.getInputStream(jar.getEntry(service))) {
            return new String(content.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }
}
