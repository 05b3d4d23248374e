package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.AccountSid;
import java.time.Duration;

/** What goes wrong in a simulation. The rates are full in every run; for how long messages are sent is given. */
enum PollScenario {
    /** All callbacks come but those of one message in a hundred. Only these tasks are made. */
    SILENT("1,000 SMS/s, 1 % of them silent", PollSimulation.WORKERS, Duration.ofDays(1)) {
        @Override
        void begin(PollSimulation simulation) {
            // A page shows the messages of one second.
            simulation.silentOfAPage = 10;
        }

        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(10 * SECONDS, ONE);
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.firstLook()).isLessThan(SOON);
            assertThat(outcome.endDelay()).isLessThan(A_FEW_MINUTES);
        }
    },
    NO_CALLBACKS_AT_20("20 SMS/s, no callback", PollSimulation.WORKERS, Duration.ofHours(1)) {
        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(20 * SECONDS, ONE);
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.firstLook()).isLessThan(SOON);
            assertThat(outcome.endDelay()).isLessThan(A_FEW_MINUTES);
        }
    },
    NO_CALLBACKS_AT_100("100 SMS/s, no callback", PollSimulation.WORKERS, Duration.ofHours(1)) {
        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(100 * SECONDS, ONE);
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.caughtUp()).isLessThan(AN_HOUR);
        }
    },
    NO_CALLBACKS_AND_TWO_WORKERS(
            "the same, with `PollConcurrency` 2", PollSimulation.LEAST_WORKERS, Duration.ofHours(1)) {
        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(100 * SECONDS, ONE);
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.caughtUp()).isLessThan(AN_HOUR);
        }
    },
    NO_CALLBACKS_LISTED_BY_DAY(
            "the same, while Twilio's list knows whole days only", PollSimulation.LEAST_WORKERS, Duration.ofHours(1)) {
        @Override
        void begin(PollSimulation simulation) {
            simulation.isListedByDay = true;
        }

        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(100 * SECONDS, ONE);
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.caughtUp()).isLessThan(AN_HOUR);
        }
    },
    LIMITED("an account at its rate limit, 10 silent SMS/s each", PollSimulation.WORKERS, Duration.ofHours(1)) {
        @Override
        void begin(PollSimulation simulation) {
            simulation.isLimited = ONE::equals;
        }

        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(10 * SECONDS, ONE);
            simulation.sendSilent(10 * SECONDS, BESIDE);
        }

        @Override
        void end(PollSimulation simulation) {
            simulation.isLimited = account -> false;
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.firstLookBeside()).isLessThan(SOON);
            assertThat(outcome.endDelayBeside()).isLessThan(A_FEW_MINUTES);
            assertThat(outcome.caughtUp()).isLessThan(AN_HOUR);
        }
    },
    HANGING("Twilio hangs for an account, 10 silent SMS/s each", PollSimulation.WORKERS, Duration.ofHours(1)) {
        @Override
        void begin(PollSimulation simulation) {
            simulation.isHanging = ONE::equals;
        }

        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(10 * SECONDS, ONE);
            simulation.sendSilent(10 * SECONDS, BESIDE);
        }

        @Override
        void end(PollSimulation simulation) {
            simulation.isHanging = account -> false;
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.firstLookBeside()).isLessThan(SOON);
            assertThat(outcome.endDelayBeside()).isLessThan(A_FEW_MINUTES);
            assertThat(outcome.caughtUp()).isLessThan(AN_HOUR);
        }
    },
    BUS_DOWN("event bus down, 10 SMS/s delivered, 1 silent SMS/s beside", PollSimulation.WORKERS, Duration.ofHours(1)) {
        @Override
        void begin(PollSimulation simulation) {
            simulation.isBusDown = true;
        }

        @Override
        void minute(PollSimulation simulation) {
            simulation.sendUntold(10 * SECONDS, ONE);
            simulation.sendSilent(SECONDS, BESIDE);
        }

        @Override
        void end(PollSimulation simulation) {
            simulation.isBusDown = false;
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.firstLookBeside()).isLessThan(SOON);
            assertThat(outcome.endDelayBeside()).isLessThan(A_FEW_MINUTES);
            assertThat(outcome.told()).isLessThan(AN_HOUR);
        }
    },
    POISON(
            "100 items that cannot be read, 100 that take no lease, 10 silent SMS/s",
            PollSimulation.WORKERS,
            Duration.ofHours(1)) {
        @Override
        void begin(PollSimulation simulation) {
            simulation.sendUnreadable(POISONED, ONE);
            simulation.sendRefusing(POISONED, ONE);
        }

        @Override
        void minute(PollSimulation simulation) {
            simulation.sendSilent(10 * SECONDS, BESIDE);
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.firstLookBeside()).isLessThan(SOON);
            assertThat(outcome.endDelayBeside()).isLessThan(A_FEW_MINUTES);
            assertThat(outcome.deadLetters() % POISONED).isZero();
            assertThat(outcome.deadLetters()).isPositive();
            assertThat(outcome.deadLettersLogged()).isEqualTo(outcome.deadLetters());
            assertThat(outcome.setAside()).isEqualTo(POISONED);
        }
    },
    CALLERS_OWN(
            "100 silent SMS/s with callers' own tokens, 1 of the stack's beside",
            PollSimulation.WORKERS,
            Duration.ofHours(1)) {
        @Override
        void begin(PollSimulation simulation) {
            simulation.isHeld = BESIDE::equals;
        }

        @Override
        void minute(PollSimulation simulation) {
            simulation.sendByCaller(100 * SECONDS, ONE);
            simulation.sendSilent(SECONDS, BESIDE);
        }

        @Override
        void check(PollOutcome outcome) {
            assertThat(outcome.firstLookBeside()).isLessThan(SOON);
            assertThat(outcome.endDelayBeside()).isLessThan(A_FEW_MINUTES);
            assertThat(outcome.endDelay()).isLessThan(AN_HOUR);
        }
    };

    /** How many items are broken in each of the two ways. */
    static final int POISONED = 100;

    /** A first look comes within five minutes of when it is due. */
    static final Duration SOON = PollSimulation.FIRST_POLL.plusMinutes(5);

    private static final Duration AN_HOUR = Duration.ofHours(1);

    private static final Duration A_FEW_MINUTES = Duration.ofMinutes(5);

    private static final AccountSid ONE = PollSimulation.account(1);
    private static final AccountSid BESIDE = PollSimulation.account(2);

    /** Of a minute. */
    private static final int SECONDS = 60;

    /** How long it goes wrong at least: past the first looks. */
    private static final Duration TROUBLE = Duration.ofMinutes(90);

    /** Longer than any task waits. */
    private static final Duration TO_THE_END = Duration.ofHours(40);

    private final String title;
    private final int workers;
    private final Duration length;

    /**
     * @param length how long messages are sent at full size
     */
    PollScenario(String title, int workers, Duration length) {
        this.title = title;
        this.workers = workers;
        this.length = length;
    }

    String title() {
        return title;
    }

    /** How long messages are sent at full size. */
    Duration length() {
        return length;
    }

    /** Sends for so long, and lets time pass until all tasks are done. */
    PollOutcome run(Duration sending) {
        PollSimulation simulation = new PollSimulation(workers);
        simulation.isBeside = BESIDE::equals;
        begin(simulation);
        repeat(simulation, sending, () -> minute(simulation));
        if (hasEnd()) {
            repeat(simulation, TROUBLE.minus(sending), () -> {});
        }
        end(simulation);
        simulation.troubleEnds = simulation.now();
        simulation.toTheEnd(TO_THE_END);
        return simulation.outcome();
    }

    private static void repeat(PollSimulation simulation, Duration time, Runnable eachMinute) {
        for (long i = 0; i < time.toMinutes(); i++) {
            eachMinute.run();
            simulation.minute();
        }
    }

    private boolean hasEnd() {
        return this == LIMITED || this == HANGING || this == BUS_DOWN;
    }

    /** Begins the trouble. */
    void begin(PollSimulation simulation) {}

    /** Sends what was sent in the last minute. */
    abstract void minute(PollSimulation simulation);

    /** Ends the trouble. */
    void end(PollSimulation simulation) {}

    /** Whether the poll got over it as promised. */
    abstract void check(PollOutcome outcome);
}
