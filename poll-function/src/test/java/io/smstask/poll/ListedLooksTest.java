package io.smstask.poll;

import static io.smstask.poll.PollFixture.seen;
import static io.smstask.testing.TaskFixture.TOKEN;
import static io.smstask.testing.TaskFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.poll.Figures.Figure;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.TaskId;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When Twilio's list is read instead of single messages, from where on, and what it is good for. */
final class ListedLooksTest {

    private static final Duration SOONEST = Duration.ofMinutes(15);

    private final PollFixture fixture = PollFixture.withTaskOfTheStack(secret(TOKEN));

    @Test
    void where_an_account_has_many_due_tasks_twilios_list_is_read_as_long_as_it_pays() {
        int count = 100;
        many("order-", 0, count);
        fixture.look = seen("sent");
        fixture.pages = List.of(page(0, 40), page(40, 59), page(59, 100));
        passes(SOONEST);

        Figures figures = fixture.run();

        assertThat(fixture.pagesRead).isEqualTo(2);
        // The first look, at the last message, told where the list begins. The fixture's own task has no sid.
        assertThat(fixture.looks).isEqualTo(count - 59);
        assertThat(figures.get(Figure.MOVED)).isEqualTo(count);
        assertThat(fixture.store
                        .undisturbed()
                        .find(new TaskId("order-7"))
                        .orElseThrow()
                        .status())
                .contains(new MessageStatus("delivered"));
    }

    @Test
    void no_page_of_twilios_list_is_begun_without_the_time_for_it() {
        int count = 60;
        many("order-", 0, count);
        fixture.look = seen("sent");
        fixture.pages = List.of(page(0, 20), page(20, 40), page(40, 60));
        fixture.timeToPage = Duration.ofSeconds(20);
        passes(SOONEST);

        Figures figures = fixture.run();

        assertThat(fixture.pagesRead).isEqualTo(2);
        assertThat(figures.get(Figure.MOVED)).isEqualTo(count);
    }

    @Test
    void the_list_begins_where_the_message_of_the_last_call_was_sent() {
        many("order-", 0, 21);
        fixture.look = seen("delivered");
        // Twilio had a queue.
        fixture.sentAt = Optional.of(fixture.clock.instant().plusSeconds(500));
        fixture.pages = List.of(page(0, 20));
        passes(SOONEST);

        Figures figures = fixture.run();

        assertThat(fixture.pageTimes).containsExactly(fixture.sentAt.get().plusSeconds(1));
        assertThat(fixture.looks).isEqualTo(1);
        assertThat(figures.get(Figure.MOVED)).isEqualTo(21);
    }

    @Test
    void where_a_look_does_not_say_when_its_message_was_sent_no_list_is_read() {
        many("order-", 0, 30);
        fixture.look = seen("delivered");
        fixture.sentAt = Optional.empty();
        passes(SOONEST);

        assertThat(fixture.run().get(Figure.MOVED)).isEqualTo(30);

        assertThat(fixture.pageTimes).isEmpty();
        assertThat(fixture.looks).isEqualTo(30);
    }

    @Test
    void what_a_list_showed_for_tasks_to_come_is_not_asked_for_again() {
        many("first-", 0, 20);
        passes(Duration.ofMinutes(5));
        many("second-", 20, 20);
        fixture.look = seen("sent");
        fixture.pages = List.of(page(0, 39));
        passes(Duration.ofMinutes(10));
        assertThat(fixture.run().get(Figure.MOVED)).isEqualTo(20);
        assertThat(fixture.looks).isEqualTo(1);

        passes(Duration.ofMinutes(5));
        Figures figures = fixture.run();

        assertThat(figures.get(Figure.MOVED)).isEqualTo(20);
        assertThat(figures.get(Figure.LOOKED)).isEqualTo(20);
        // The last message of the second tasks was not on the page.
        assertThat(fixture.looks).isEqualTo(2);
        assertThat(fixture.pagesRead).isEqualTo(1);
    }

    @Test
    void a_message_of_a_list_that_is_not_at_its_end_is_looked_at_again() {
        many("first-", 0, 20);
        passes(Duration.ofMinutes(5));
        many("second-", 20, 1);
        fixture.look = seen("delivered");
        fixture.pages = List.of(page(20, 21, "sent"));
        passes(Duration.ofMinutes(10));
        fixture.run();
        int looks = fixture.looks;

        passes(Duration.ofMinutes(5));
        fixture.run();

        assertThat(fixture.looks).isEqualTo(looks + 1);
        assertThat(fixture.store
                        .undisturbed()
                        .find(new TaskId("second-20"))
                        .orElseThrow()
                        .status())
                .contains(new MessageStatus("delivered"));
    }

    @Test
    void lists_that_show_too_few_messages_three_times_in_a_row_are_left_for_a_while() {
        // They show others.
        assertThat(pagesOfBatches(List.of(page(1000, 1500)), 5)).isEqualTo(ListPlan.MOST_USELESS);

        passes(Looks.REST);
        assertThat(pagesOfBatches(List.of(page(1000, 1500)), 5)).isEqualTo(ListPlan.MOST_USELESS + 1);
    }

    @Test
    void a_list_that_shows_enough_messages_makes_up_for_those_before() {
        // The third batch's messages.
        assertThat(pagesOfBatches(List.of(page(40, 60, "sent")), 7)).isEqualTo(3 + ListPlan.MOST_USELESS);
    }

    /** Has batches of 20 tasks worked on, a minute apart, and returns how many pages were read up to now. */
    private int pagesOfBatches(List<List<TwilioMessage>> pages, int batches) {
        fixture.look = seen("delivered");
        fixture.pages = pages;
        for (int i = 0; i < batches; i++) {
            many("batch-" + i + "-", 20 * i, 20);
            passes(Duration.ofMinutes(1));
        }
        passes(SOONEST.minusMinutes(batches));
        for (int i = 0; i < batches; i++) {
            assertThat(fixture.run().get(Figure.MOVED)).isEqualTo(20);
            passes(Duration.ofMinutes(1));
        }
        fixture.store.forgetAll();
        return fixture.pagesRead;
    }

    /** Tasks with messages of their own, the last one called a moment after the others. */
    private void many(String prefix, int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (i == first + count - 1) {
                passes(Duration.ofMillis(1));
            }
            fixture.recorded(fixture.alsoHas(prefix + i, fixture.clock.instant()), "queued", sid(i));
        }
    }

    private static MessageSid sid(int number) {
        return new MessageSid("SM" + String.format("%032x", 0x100 + number));
    }

    private static List<TwilioMessage> page(int from, int to) {
        return page(from, to, "delivered");
    }

    private static List<TwilioMessage> page(int from, int to, String status) {
        List<TwilioMessage> page = new ArrayList<>();
        for (int i = from; i < to; i++) {
            page.add(new TwilioMessage(
                    sid(i), new MessageStatus(status), Optional.empty(), Optional.empty(), Optional.of(1)));
        }
        return page;
    }

    private void passes(Duration time) {
        fixture.clock.move(time);
    }
}
