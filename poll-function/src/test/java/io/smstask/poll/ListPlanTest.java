package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ListPlanTest {

    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");

    private final ListPlan plan = new ListPlan(Looks.REST);

    @Test
    void a_list_is_begun_later_than_needed_by_half_of_what_the_last_page_showed() {
        assertThat(plan.beginning(AT)).isEqualTo(AT.plusSeconds(1));

        plan.beginPage();
        plan.shows(AT);
        plan.shows(AT.minusSeconds(7));
        plan.shows(AT.minusSeconds(10));
        assertThat(plan.beginning(AT)).isEqualTo(AT.plusSeconds(5));
    }

    @Test
    void it_is_begun_later_by_a_second_at_least() {
        plan.beginPage();
        plan.shows(AT);
        plan.shows(AT);
        assertThat(plan.beginning(AT)).isEqualTo(AT.plusSeconds(1));
    }

    @Test
    void lists_that_did_not_pay_are_left_until_their_time_is_over() {
        for (int i = 0; i < ListPlan.MOST_USELESS; i++) {
            assertThat(plan.mayPay(AT)).isTrue();
            plan.read(false, AT);
        }
        assertThat(plan.mayPay(AT.plus(Looks.REST).minusMillis(1))).isFalse();
        assertThat(plan.mayPay(AT.plus(Looks.REST))).isTrue();

        plan.read(true, AT);
        assertThat(plan.mayPay(AT)).isTrue();
    }
}
