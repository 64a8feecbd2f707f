// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final PhilotesException PASSING =
            new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot connect: refused").hinting("open the port");

    private final SettableClock clock = new SettableClock();
    private final Backoff backoff = new Backoff(
            new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(1)),
            SteadyTime.of(clock));

    @Test
    void delays_grow_to_the_largest_and_keep_their_upper_half() {
        for (int attempt = 0; attempt < 10; attempt++) {
            long full = Math.min(100L << attempt, 1000);
            assertThat(backoff.next(PASSING).toMillis()).isBetween(full / 2, full);
        }
    }

    @Test
    void a_failure_that_lasts_too_long_ends_it() {
        backoff.next(PASSING);
        clock.advance(Duration.ofSeconds(61));
        assertThatThrownBy(() -> backoff.next(PASSING))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.hint()).isEqualTo("open the port"))
                .hasMessageContaining("tried again for PT1M");
    }

    @Test
    void success_begins_the_count_anew() {
        backoff.next(PASSING);
        clock.advance(Duration.ofSeconds(61));
        backoff.reset();
        assertThat(backoff.next(PASSING).toMillis()).isLessThanOrEqualTo(100);
    }
}
