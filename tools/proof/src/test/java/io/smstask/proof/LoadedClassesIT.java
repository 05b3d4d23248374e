package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.lambdaprocess.BuiltFunction;
import io.smstask.lambdaprocess.LambdaProcess;
import io.smstask.lambdaprocess.Launch;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the built functions load from their start to their first answer. Each of the banned has cost a cold start 50 ms or
 * more when it was measured (docs/adr/0027, 0035); one careless reference brings it back.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's Java runtime has native code for Linux only")
final class LoadedClassesIT {

    private static final String EVENTS_TASK = "order-4711";

    /** A table that only a red task needs. */
    private static final String KNOWN_ERRORS = "io.smstask.task.KnownError";

    private static final List<String> BANNED = List.of(
            // Object mappers: twilio-java's, and those of Lambda's runtime for events as objects and for logs in JSON.
            "com.fasterxml.jackson.databind.",
            "com.amazonaws.lambda.thirdparty.",
            // HTTP clients other than the one that both connections share.
            "org.apache.hc.client5.http.impl.classic.",
            "org.apache.http.",
            "software.amazon.awssdk.http.apache",
            "software.amazon.awssdk.http.urlconnection.",
            "io.netty.",
            "jdk.internal.net.http.",
            "sun.security.ssl.SSLContextImpl",
            // A record's generated equals or hashCode: 20 ms for the first.
            "java.lang.runtime.ObjectMethods",
            // The JDK's ciphers and MACs with their providers: 30 ms. Only a caller's own token needs them.
            "javax.crypto.JceSecurity",
            // For messages of a queue only.
            "io.smstask.lambda.SqsEvents",
            "io.smstask.send.QueueDoor",
            // A client of the whole SDK, for queries.
            "io.smstask.aws.SdkClients",
            "io.smstask.store.DynamoTaskIndex");

    /** Of the SDK, what the functions may load: aws-crt, and a part that Lambda's runtime brings along. */
    private static final List<String> ALLOWED =
            List.of("software.amazon.awssdk.crt.", "software.amazon.awssdk.utilslite.");

    /**
     * A lambda or method reference costs 1 ms of processor time: ours, and those of aws-crt's classes that nobody uses, which the
     * build keeps from being initialised.
     */
    private static final List<String> WITHOUT_LAMBDAS =
            List.of("io.smstask.", "software.amazon.awssdk.crt.mqtt5.", "software.amazon.awssdk.crt.iot.");

    @TempDir
    private Path work;

    @Test
    void a_send_and_a_callback_load_nothing_that_is_banned() throws IOException, GeneralSecurityException {
        Path template = Template.find();
        try (var stack = LocalStack.start(
                LocalOptions.forTests(line -> {}), Template.read(template).with(LocalStack.WITH_SEND_QUEUE))) {
            Launch send = BuiltFunction.unpack(template, LocalStack.SEND_FUNCTION, "send-function", work);
            Launch callback = BuiltFunction.unpack(template, LocalStack.CALLBACK_FUNCTION, "callback-function", work);
            var sendClasses = work.resolve("send.txt");
            var callbackClasses = work.resolve("callback.txt");

            try (var sending = start(send, stack.environment(LocalStack.SEND_FUNCTION), sendClasses)) {
                assertThat(sending.invoke(withoutToken(event("send-http-v2"))).body())
                        .contains("\"statusCode\":201");
            }
            try (var calledBack = start(callback, stack.environment(LocalStack.CALLBACK_FUNCTION), callbackClasses)) {
                assertThat(calledBack.invoke(event("callback-delivered-base64")).body())
                        .contains("\"statusCode\":404");
            }

            assertThat(loaded(sendClasses)).contains("io.smstask.send.SendHandler", "io.smstask.store.Update");
            assertThat(banned(sendClasses)).isEmpty();
            assertThat(loaded(sendClasses)).doesNotContain(KNOWN_ERRORS);
            // Its rehearsal in init was a genuine callback, with a signature and a write.
            assertThat(loaded(callbackClasses))
                    .contains("io.smstask.callback.CallbackHandler", "io.smstask.store.Update")
                    .contains("io.smstask.callback.TwilioSignature");
            assertThat(banned(callbackClasses)).isEmpty();
            assertThat(loaded(callbackClasses)).doesNotContain(KNOWN_ERRORS);
        }
    }

    private static List<String> banned(Path log) throws IOException {
        return loaded(log).stream()
                .filter(name -> BANNED.stream().anyMatch(name::startsWith)
                        || name.startsWith("software.amazon.awssdk.")
                                && ALLOWED.stream().noneMatch(name::startsWith)
                        || name.contains("$$Lambda") && WITHOUT_LAMBDAS.stream().anyMatch(name::startsWith))
                .toList();
    }

    private LambdaProcess start(Launch function, Map<String, String> environment, Path log) throws IOException {
        String options = "-Xlog:class+load:file=" + log + "::filecount=0";
        return LambdaProcess.start(function.with(environment).withJvmOptions(options), work);
    }

    /** The log has a line for each: {@code [0.052s][info][class,load] java.lang.Object source: …}. */
    private static List<String> loaded(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "").replaceFirst(" .*", ""))
                .toList();
    }

    /** Sent with the stack's own credentials. */
    private static String withoutToken(String event) {
        return event.replaceFirst("\\\\\"AuthToken\\\\\": *\\\\\"\\w+\\\\\", *", "");
    }

    private static String event(String name) throws IOException {
        return Files.readString(Template.find().resolveSibling("events").resolve(name + ".json"))
                .replace(EVENTS_TASK, "order-4712");
    }
}
