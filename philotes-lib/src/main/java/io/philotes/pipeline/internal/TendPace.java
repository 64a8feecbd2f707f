// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.time.Duration;
import java.time.Instant;

/**
 * When a sink may look after what it has: at any time, but now and then only while what it is given is old. Catching up needs
 * the processors that this would take, and the tables change most while it lasts. Mutable, confined to the apply thread.
 */
final class TendPace {

    /** Nothing that flows is so old, unless the source's clock is behind by that much. */
    private static final Duration OLD = Duration.ofSeconds(10);

    /** Who never catches up must not find tables that nobody looked after. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private Instant latest;
    private boolean behind;

    TendPace(Instant now) {
        this.latest = now.plus(LONGEST_WAIT);
    }

    /** Changes came, the newest of them committed at the source at {@code commitMicros}, µs since 1970 UTC. */
    void took(long commitMicros, Instant now) {
        behind = commitMicros / 1_000 < now.minus(OLD).toEpochMilli();
    }

    /** Nothing is waiting. */
    void idle() {
        behind = false;
    }

    boolean isDue(Instant now) {
        return !behind || !now.isBefore(latest);
    }

    void tended(Instant now) {
        latest = now.plus(LONGEST_WAIT);
    }
}
