package io.smstask.callback;

import static io.smstask.callback.SampleCallback.aCallback;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.Standing;
import io.smstask.task.Task;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twilio signs names and values as one string without separators. An attacker who has recorded a callback can cut that
 * string into other names and values that have the same signature. These tests try every cut that callback-function could
 * tell apart: each field that it reads, wherever its name occurs, with every length of its value or left out, as long as
 * the names stay sorted. What lies between goes into one field, since the function ignores finer cuts. The error texts stay
 * as they are or are hidden: they move nothing, and two separate tests show what else can be done to them.
 */
final class RecutCallbacksTest {

    /** The fields that callback-function reads, in the order in which they are signed. */
    private static final List<String> READ = List.of("AccountSid", "ErrorCode", "MessageSid", "MessageStatus");

    private static final String SECRET = CallbackFixture.secret(CallbackFixture.TOKEN);

    /** Tasks in every state that a replayed callback may find. */
    private static final Map<String, Supplier<CallbackFixture>> STATES = Map.of(
            "claimed", RecutCallbacksTest::claimed,
            "queued", () -> claimed().recorded("queued"),
            "sent", () -> claimed().recorded("sent"),
            "unknown", () -> claimed().recordedUnknown(CallFailure.TIMEOUT),
            "given up", () -> givenUp(claimed().recorded("queued")),
            "unconfirmed", () -> givenUp(claimed().recorded("sent")),
            "given up without a sid", () -> givenUp(claimed().recordedUnknown(CallFailure.TIMEOUT)),
            "delivered", () -> claimed().recorded("delivered"),
            "undelivered", () -> claimed().recorded("undelivered"));

    /** The genuine forms of the event files, and one that Twilio might send some day. */
    static List<Map<String, String>> forms() throws IOException, BadJson, BadForm {
        Set<Map<String, String>> forms = new LinkedHashSet<>();
        for (String name : CallbackEvents.ofCallbackFunction()) {
            if (!name.startsWith("callback-recut")) {
                read(name).map(TreeMap::new).ifPresent(forms::add);
            }
        }
        assertThat(forms).hasSizeGreaterThan(12);
        CallbackForm longer =
                CallbackForm.parse(("MessageStatus=failed_at_carrier&SmsStatus=failed_at_carrier&MessageSid="
                                + CallbackFixture.SID + "&SmsSid=" + CallbackFixture.SID + "&AccountSid="
                                + CallbackFixture.ACCOUNT
                                + "&ErrorCode=30003&ErrorMessage=Unreachable&To=%2B15558675310&From=ACME&ApiVersion=2010-04-01"
                                + "&ChannelStatusMessage=no+ErrorCode&NumSegments=1&carrier=any&9=9")
                        .getBytes(UTF_8));
        forms.add(new TreeMap<>(longer.all()));
        return List.copyOf(forms);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void no_recut_of_a_genuine_callback_moves_a_task_otherwise_than_the_callback_itself(Map<String, String> genuine) {
        Map<String, String> withoutCode = new HashMap<>(genuine);
        withoutCode.remove("ErrorCode");
        List<Map<String, String>> recuts = recuts(genuine);
        assertThat(recuts).contains(genuine);
        if (genuine.containsKey("MessageStatus")) {
            assertThat(recuts).hasSizeGreaterThan(10);
        }
        for (Map<String, String> recut : recuts) {
            assertThat(signature(recut)).isEqualTo(signature(genuine));
            if (isRefusedUnread(recut)) {
                continue;
            }
            STATES.forEach((name, state) -> {
                Task after = after(state.get(), recut);
                assertThat(after)
                        .as("%s on a task that is %s", recut, name)
                        .isIn(after(state.get(), genuine), after(state.get(), withoutCode));
            });
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_recut_that_was_sent_before_changes_nothing_more(Map<String, String> genuine) {
        for (Map<String, String> recut : recuts(genuine)) {
            if (!isRefusedUnread(recut)) {
                STATES.forEach((name, state) -> {
                    CallbackFixture fixture = state.get();
                    after(fixture, genuine);
                    Task twice = after(fixture, genuine);
                    assertThat(after(fixture, recut))
                            .as("%s on a task that was %s", recut, name)
                            .isEqualTo(twice);
                });
            }
        }
    }

    /** As SECURITY.md states. The attacker needs a callback that has not arrived yet. */
    @Test
    void all_that_a_recut_can_do_is_to_hide_the_error_code_or_its_text() {
        Map<String, String> recut = new TreeMap<>(aCallback("undelivered")
                .with("ErrorCode", "30003")
                .with("ErrorMessage", "Unreachable")
                .fields());
        Map<String, String> genuine = Map.copyOf(recut);
        recut.put("ApiVersion", recut.get("ApiVersion") + "ErrorCode" + recut.remove("ErrorCode"));
        assertThat(signature(recut)).isEqualTo(signature(genuine));
        CallbackFixture fixture = claimed();

        assertThat(fixture.receive(SampleCallback.of(recut))).isEqualTo(CallbackReply.APPLIED);

        assertThat(fixture.code()).isEqualTo("undelivered");
        assertThat(fixture.receive(SampleCallback.of(genuine))).isEqualTo(CallbackReply.NOTED);
    }

    @Test
    void a_recut_can_add_the_next_field_to_the_text_about_the_error_and_moves_nothing_else() {
        Map<String, String> recut = new TreeMap<>(aCallback("undelivered")
                .with("ErrorCode", "30003")
                .with("ErrorMessage", "Unreachable")
                .fields());
        Map<String, String> genuine = Map.copyOf(recut);
        recut.put("ErrorMessage", recut.get("ErrorMessage") + "From" + recut.remove("From"));
        assertThat(signature(recut)).isEqualTo(signature(genuine));

        Task ended = after(claimed(), recut);

        Task asTwilioSaid = after(claimed(), genuine);
        Escalation said = asTwilioSaid.escalation().orElseThrow();
        assertThat(ended.escalation().orElseThrow().message()).startsWith(said.message() + "From");
        Standing told = ended.standing();
        Standing withTwiliosWords = new Standing(
                told.node(), told.sid(), told.status(), told.numSegments(), Optional.of(said), told.isGivenUp());
        assertThat(ended.standing(withTwiliosWords, ended.updatedAt(), ended.history()))
                .isEqualTo(asTwilioSaid);
    }

    /** Whether the form alone is reason to refuse it. */
    private static boolean isRefusedUnread(Map<String, String> recut) {
        CallbackFixture fixture = claimed();
        Task before = fixture.stored();
        CallbackReply reply = fixture.receive(SampleCallback.of(recut));
        boolean isRefused = reply == CallbackReply.NOT_PARSABLE || reply == CallbackReply.OTHER_ACCOUNT;
        if (isRefused) {
            assertThat(fixture.stored()).isEqualTo(before);
        }
        return isRefused;
    }

    private static Task after(CallbackFixture fixture, Map<String, String> form) {
        fixture.receive(SampleCallback.of(form));
        return fixture.stored();
    }

    /** Holds a hash and no sealed token, so that tasks in the same state are equal. */
    private static CallbackFixture claimed() {
        return CallbackFixture.withTaskOfTheStack(SECRET).withEvent();
    }

    private static CallbackFixture givenUp(CallbackFixture fixture) {
        fixture.clock.move(Duration.between(fixture.clock.instant(), HandClock.START.plus(Duration.ofHours(25))));
        fixture.ended();
        assertThat(fixture.stored().isGivenUp()).isTrue();
        return fixture;
    }

    private static String signature(Map<String, String> form) {
        return SampleCallback.signature(CallbackFixture.BASE, form, CallbackFixture.TOKEN);
    }

    /** All forms with the same signature as this one. */
    private static List<Map<String, String>> recuts(Map<String, String> genuine) {
        StringBuilder row = new StringBuilder();
        new TreeMap<>(genuine).forEach((name, value) -> row.append(name).append(value));
        List<Map<String, String>> found = new ArrayList<>();
        found.add(genuine);
        cut(row.toString(), 0, "", 0, new LinkedHashMap<>(), found);
        return found;
    }

    /**
     * Cuts the rest of the signed string.
     *
     * @param last the name of the field before
     * @param next the field of {@link #READ} that comes next or is left out
     */
    private static void cut(
            String row, int from, String last, int next, Map<String, String> fields, List<Map<String, String>> found) {
        if (next == READ.size()) {
            with(row.substring(from), last, "\uffff", fields).ifPresent(found::add);
            return;
        }
        cut(row, from, last, next + 1, fields, found);
        String name = READ.get(next);
        for (int at = row.indexOf(name, from); at >= 0; at = row.indexOf(name, at + 1)) {
            Optional<Map<String, String>> before = with(row.substring(from, at), last, name, fields);
            if (before.isPresent()) {
                for (int end = at + name.length(); end <= row.length(); end++) {
                    Map<String, String> longer = new LinkedHashMap<>(before.get());
                    longer.put(name, row.substring(at + name.length(), end));
                    cut(row, end, name, next + 1, longer, found);
                }
            }
        }
    }

    /** The fields, and one more for this piece; empty if the piece begins with no name that keeps the order. */
    private static Optional<Map<String, String>> with(
            String piece, String after, String before, Map<String, String> fields) {
        if (piece.isEmpty()) {
            return Optional.of(fields);
        }
        for (int length = 1; length <= piece.length(); length++) {
            String name = piece.substring(0, length);
            if (name.compareTo(after) > 0 && name.compareTo(before) < 0 && !READ.contains(name)) {
                Map<String, String> longer = new LinkedHashMap<>(fields);
                longer.put(name, piece.substring(length));
                return Optional.of(longer);
            }
        }
        return Optional.empty();
    }

    /** The form in an event file; empty if it holds none. */
    private static Optional<Map<String, String>> read(String name) throws IOException, BadJson {
        Map<String, Object> event = Json.parseObject(CallbackEvents.read(name));
        String body = (String) event.get("body");
        byte[] form = Boolean.TRUE.equals(event.get("isBase64Encoded"))
                ? Base64.getDecoder().decode(body)
                : body.getBytes(UTF_8);
        try {
            return Optional.of(CallbackForm.parse(form).all());
        } catch (BadForm e) {
            return Optional.empty();
        }
    }
}
