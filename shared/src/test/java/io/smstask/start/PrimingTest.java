package io.smstask.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.testing.TestContext;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.SecretFault;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class PrimingTest {

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void all_steps_are_done_when_it_returns() {
        new Priming(lines::add, () -> done.add("rehearsal"), List.of(() -> done.add("one"), () -> done.add("other")))
                .run();

        assertThat(done).containsExactlyInAnyOrder("rehearsal", "one", "other");
    }

    @Test
    void a_step_that_fails_fails_nothing_else() {
        var priming = new Priming(
                lines::add,
                () -> done.add("rehearsal"),
                List.of(
                        () -> {
                            throw new IllegalStateException("down");
                        },
                        () -> done.add("other")));

        priming.run();

        assertThat(lines)
                .singleElement()
                .asString()
                .contains("IllegalStateException")
                .doesNotContain("down");
        assertThat(done).containsExactlyInAnyOrder("rehearsal", "other");
    }

    @Test
    void incident_36_a_start_tells_what_is_set_up_wrongly() {
        var priming = new Priming(lines::add, () -> {}, List.of(() -> {
            throw new CredentialsUnavailable(SecretFault.NO_AUTH_TOKEN);
        }));

        priming.run();

        assertThat(lines).extracting(TestContext::lines).containsExactly("""
                        {"message":"priming_failed","error":"io.smstask.twilio.CredentialsUnavailable",\
                        "secret":"no_auth_token"}
                        """);
    }
}
