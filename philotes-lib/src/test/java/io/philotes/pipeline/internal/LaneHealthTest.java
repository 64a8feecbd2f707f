// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Retry;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaneHealthTest {

    private final SettableClock clock = new SettableClock();
    private final LaneHealth health = new LaneHealth(new LaneName("shop", "lake"), new Listeners(List.of()), clock);
    private final PhilotesException away =
            new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot commit: no answer");
    private final PhilotesException full = new PhilotesException(ErrorCode.STORAGE_FAILED, "Cannot write: full");

    @Test
    void a_sink_that_opens_and_fails_again_has_failed_since_the_first_time() {
        Instant began = clock.instant();
        health.retrying(away);
        assertThat(health.retry()).hasValue(new Retry(Retry.Stage.WRITE, Optional.of("lake"), began, 1, away));

        clock.advance(Duration.ofMinutes(1));
        health.running();
        assertThat(health.retry()).isEmpty();
        health.retrying(full);

        assertThat(health.retry()).hasValue(new Retry(Retry.Stage.WRITE, Optional.of("lake"), began, 2, full));
    }

    @Test
    void after_it_went_well_a_new_row_begins() {
        health.retrying(away);
        health.running();
        health.recovered();
        clock.advance(Duration.ofMinutes(1));
        health.retrying(full);
        assertThat(health.retry())
                .hasValue(new Retry(Retry.Stage.WRITE, Optional.of("lake"), clock.instant(), 1, full));
    }

    @Test
    void one_that_failed_for_good_tries_nothing() {
        health.retrying(away);
        health.fail(full);
        assertThat(health.retry()).isEmpty();
        assertThat(health.failure()).hasValue(full);
    }
}
