package io.smstask.proof;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.smstask.http.Tls;
import io.smstask.task.AuthToken;
import io.smstask.task.TaskToken;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows of the design. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.smstask");

    /** What is not deployed. */
    private static final String[] TOOLS = {
        "io.smstask.simulator..",
        "io.smstask.local..",
        "io.smstask.lambdaprocess..",
        "io.smstask.ownruntime..",
        "io.smstask.bench..",
        "io.smstask.proof.."
    };

    private static final String[] FUNCTIONS = {"io.smstask.send..", "io.smstask.callback..", "io.smstask.poll.."};

    /** Off the boot class path, as the poll is; all else of the product is on it (docs/adr/0048). */
    private static final String ENTRIES = "io.smstask..entry..";

    private static final String CRT = "software.amazon.awssdk.crt..";

    private static final JavaClasses PRODUCT = CLASSES.that(not(resideInAnyPackage(TOOLS)));

    @Test
    void the_domain_sees_java_only() {
        check(classes()
                .that()
                .resideInAPackage("io.smstask.task..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.smstask.task..", "java..", "org.jspecify.."));
    }

    @Test
    void the_functions_do_not_see_each_other() {
        for (String function : FUNCTIONS) {
            check(noClasses()
                    .that()
                    .resideInAPackage(function)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(FUNCTIONS).and(not(resideInAPackage(function)))));
        }
    }

    @Test
    void shared_sees_no_function() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(FUNCTIONS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FUNCTIONS));
    }

    /** The boot class loader does not see that client, so the poll is not on the boot class path. */
    @Test
    void only_the_poll_opens_connections_by_the_jdks_client() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.smstask.poll..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http.."));
    }

    @Test
    void only_the_index_sees_the_aws_sdk() {
        check(noClasses()
                .that(not(is("io.smstask.store.DynamoTaskIndex").or(is("io.smstask.aws.SdkClients"))))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("software.amazon.awssdk..").and(not(resideInAPackage(CRT)))));
    }

    @Test
    void only_http_and_its_two_clients_see_aws_crt() {
        check(noClasses()
                .that(not(resideInAPackage("io.smstask.http..")
                        .or(is("io.smstask.aws.AwsJson"))
                        .or(is("io.smstask.aws.OneItemTable"))
                        .or(is("io.smstask.send.OnePostHttpClient"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CRT));
    }

    @Test
    void all_hosts_share_one_tls_context() {
        check(noClasses()
                .that(not(is("io.smstask.http.Tls")))
                .should()
                .callConstructor(
                        "software.amazon.awssdk.crt.io.TlsContext", "software.amazon.awssdk.crt.io.TlsContextOptions"));
        check(noClasses().that().haveSimpleNameNotEndingWith("Wiring").should().callConstructor(Tls.class));
    }

    @Test
    void only_the_border_sees_events_as_aws_names_them() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.smstask.lambda..", ENTRIES)
                .and()
                .haveSimpleNameNotEndingWith("Handler")
                .and()
                .haveSimpleNameNotEndingWith("Replies")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.amazonaws.."));
    }

    /** Only what an entry sees need not be on the boot class path. */
    @Test
    void only_entries_see_entries_and_what_lambdas_runtime_brings() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ENTRIES)
                .should()
                .dependOnClassesThat(resideInAnyPackage(ENTRIES, "com.amazonaws..")
                        .and(not(resideInAPackage("com.amazonaws.services.lambda.runtime.events..")))));
    }

    @Test
    void what_stores_and_calls_sees_neither_events_nor_starts() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "io.smstask.aws..",
                        "io.smstask.http..",
                        "io.smstask.json..",
                        "io.smstask.settings..",
                        "io.smstask.store..",
                        "io.smstask.twilio..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.smstask.lambda..", "io.smstask.start..", "io.smstask.tell.."));
    }

    @Test
    void only_the_way_to_twilio_sees_its_client() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.smstask.send..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.twilio.."));
    }

    @Test
    void the_environment_is_read_by_the_entries_only() {
        check(noClasses().that().resideOutsideOfPackage(ENTRIES).should().callMethod(System.class, "getenv"));
        check(noClasses().should().callMethod(System.class, "getenv", String.class));
    }

    @Test
    void only_handler_and_rehearsal_see_the_wiring() {
        check(noClasses()
                .that()
                .resideInAnyPackage(FUNCTIONS)
                .and(not(describe(
                        "handler, rehearsal or wiring",
                        item -> outermost(item).matches(".*(Handler|Rehearsal|Wiring)"))))
                .should()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Wiring"));
    }

    @Test
    void time_is_given() {
        check(noClasses().should().callMethod(Instant.class, "now"));
        check(noClasses().that().haveSimpleNameNotEndingWith("Wiring").should().callMethod(Clock.class, "systemUTC"));
    }

    @Test
    void secrets_are_revealed_where_they_are_used_and_nowhere_else() {
        classes()
                .should(revealOnlyIn(
                        AuthToken.class,
                        Set.of(
                                "io.smstask.twilio.CallbackKey",
                                "io.smstask.twilio.TwilioAccount",
                                "io.smstask.twilio.TwilioCredentials",
                                "io.smstask.send.TwilioSmsGateway",
                                "io.smstask.send.TwilioCancelGateway",
                                "io.smstask.callback.TwilioSignature",
                                "io.smstask.poll.TwilioMessages")))
                .check(CLASSES);
        classes()
                .should(revealOnlyIn(
                        TaskToken.class, Set.of("io.smstask.store.Items", "io.smstask.tell.StepFunctions")))
                .check(CLASSES);
    }

    @Test
    void there_are_no_cycles() {
        slices().matching("io.smstask.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothing_of_the_product_sees_a_tool() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage(TOOLS));
    }

    /** A nested class counts as the one that it stands in. */
    @Test
    void no_classes_form_a_circle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass item) {
                        return SliceIdentifier.of(outermost(item));
                    }

                    @Override
                    public String getDescription() {
                        return "classes";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    /** A record's components are what its constructor takes. */
    @Test
    void no_method_of_the_product_takes_an_optional() {
        check(noCodeUnits()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.smstask..")
                .and(describe(
                        "are no lambdas and no record's constructor",
                        unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC)
                                && !(unit.isConstructor() && unit.getOwner().isRecord())))
                .should()
                .haveRawParameterTypes(describe(
                        "an Optional among them",
                        types -> types.stream().anyMatch(type -> type.isEquivalentTo(Optional.class)))));
    }

    private static DescribedPredicate<JavaClass> is(String name) {
        return describe(name, item -> outermost(item).equals(name));
    }

    private static String outermost(JavaClass item) {
        return item.getName().split("\\$")[0];
    }

    private static ArchCondition<JavaClass> revealOnlyIn(Class<?> secret, Set<String> allowed) {
        return new ArchCondition<>("reveal a " + secret.getSimpleName() + " only in " + allowed) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    boolean reveals = access.getTargetOwner().isEquivalentTo(secret)
                            && access.getTarget().getName().equals("reveal");
                    if (reveals && !allowed.contains(item.getName())) {
                        events.add(SimpleConditionEvent.violated(item, access.getDescription()));
                    }
                }
            }
        };
    }

    private static void check(ArchRule rule) {
        rule.check(PRODUCT);
    }
}
