package io.smstask.task;

import static io.smstask.task.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HistoryTest {

    @Test
    void the_note_of_a_status_is_the_last_one() {
        History history = History.of(List.of(
                entry("queued", Note.HEALED), entry("sent", ""), entry("queued", Note.DUPLICATE), entry("sent", "")));

        assertThat(history.noteOf("queued")).isEqualTo(Note.DUPLICATE);
        assertThat(History.of(history.subList(0, 2)).noteOf("queued")).isEqualTo(Note.HEALED);
    }

    /** It was noted before, or there was no room for a note. */
    @Test
    void a_status_without_a_note_is_a_duplicate() {
        History history = History.of(List.of(entry("queued", ""), entry("sent", Note.LATE)));

        assertThat(history.noteOf("queued")).isEqualTo(Note.DUPLICATE);
        assertThat(history.noteOf("delivered")).isEqualTo(Note.DUPLICATE);
        assertThat(History.EMPTY.noteOf("queued")).isEqualTo(Note.DUPLICATE);
    }

    private static HistoryEntry entry(String status, String note) {
        return new HistoryEntry(
                NOW,
                Source.CALLBACK,
                Optional.of(status),
                Optional.empty(),
                note.isEmpty() ? Optional.empty() : Optional.of(note));
    }
}
