// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.SettableClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {

    @Test
    void where_the_clock_is_the_machines_time_is_the_one_that_nobody_sets() {
        for (Clock clock : List.of(Clock.systemUTC(), Clock.systemDefaultZone())) {
            long before = System.nanoTime();
            long told = SteadyTime.of(clock).nanos();
            long after = System.nanoTime();
            assertThat(told - before).isNotNegative();
            assertThat(after - told).isNotNegative();
        }
    }

    @Test
    void another_clock_drives_it() {
        SettableClock clock = new SettableClock();
        SteadyTime time = SteadyTime.of(clock);
        long began = time.nanos();
        assertThat(time.since(began)).isZero();
        clock.advance(Duration.ofHours(7));
        assertThat(time.since(began)).isEqualTo(Duration.ofHours(7));
    }
}
