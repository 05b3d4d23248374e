package io.smstask.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.testing.TestContext;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class PrimingTest {

    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void all_steps_are_done_when_it_returns() {
        new Priming(() -> done.add("rehearsal"), List.of(() -> done.add("one"), () -> done.add("other"))).run();

        assertThat(done).containsExactlyInAnyOrder("rehearsal", "one", "other");
    }

    @Test
    void a_step_that_fails_fails_nothing_else() {
        var priming = new Priming(
                () -> done.add("rehearsal"),
                List.of(
                        () -> {
                            throw new IllegalStateException("down");
                        },
                        () -> done.add("other")));

        assertThat(printedBy(priming)).contains("IllegalStateException").doesNotContain("down");

        assertThat(done).containsExactlyInAnyOrder("rehearsal", "other");
    }

    @Test
    void incident_36_a_start_tells_what_is_set_up_wrongly() {
        var priming = new Priming(() -> {}, List.of(() -> {
            throw new CredentialsUnavailable(SecretFault.NO_AUTH_TOKEN);
        }));

        assertThat(TestContext.lines(printedBy(priming))).contains("""
                        {"message":"priming_failed","error":"io.smstask.twilio.CredentialsUnavailable",\
                        "secret":"no_auth_token"}
                        """);
    }

    private static String printedBy(Priming priming) {
        PrintStream before = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            priming.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
