package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorsTest {

    @Test
    void the_last_ones_are_measured_and_the_harness_keeps_the_others() {
        Processors processors = Processors.parse("Name:\tjava\nCpus_allowed_list:\t0-2,5\n");

        assertThat(processors.count()).isEqualTo(4);
        assertThat(processors.last(1)).isEqualTo("5");
        assertThat(processors.besideLast(1)).isEqualTo("0,1,2");
    }

    @Test
    void where_all_are_measured_the_harness_shares_them() {
        Processors processors = Processors.parse("Cpus_allowed_list:\t0-1\n");

        assertThat(processors.last(2)).isEqualTo("0,1");
        assertThat(processors.besideLast(2)).isEqualTo("0,1");
    }
}
