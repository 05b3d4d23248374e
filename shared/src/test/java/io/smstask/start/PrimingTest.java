package io.smstask.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

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

        assertThatCode(priming::run).doesNotThrowAnyException();

        assertThat(done).containsExactlyInAnyOrder("rehearsal", "other");
    }

    @Test
    void incident_36_a_start_tells_what_is_set_up_wrongly() {
        PrintStream before = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            new Priming(() -> {}, List.of(() -> {
                        throw new CredentialsUnavailable(SecretFault.NO_AUTH_TOKEN);
                    }))
                    .run();
        } finally {
            System.setOut(before);
        }

        assertThat(TestContext.lines(printed.toString(StandardCharsets.UTF_8))).contains("""
                        {"message":"priming_failed","error":"io.smstask.twilio.CredentialsUnavailable",\
                        "secret":"no_auth_token"}
                        """);
    }
}
