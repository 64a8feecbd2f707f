// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Time for waits and limits, which only goes on: setting the machine's clock neither stretches a wait nor skips one. The JVM's
 * own, unless a pipeline is given another clock than the machine's; then that one's, so that a test can drive it. Immutable and
 * thread-safe.
 */
final class SteadyTime {

    private final LongSupplier nanos;

    private SteadyTime(LongSupplier nanos) {
        this.nanos = nanos;
    }

    static SteadyTime of(Clock clock) {
        boolean isTheMachines = clock.equals(Clock.systemUTC()) || clock.equals(Clock.systemDefaultZone());
        return isTheMachines
                ? new SteadyTime(System::nanoTime)
                : new SteadyTime(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
    }

    /** Of no meaning but in {@link #since}. */
    long nanos() {
        return nanos.getAsLong();
    }

    /** How long ago {@link #nanos} said that. */
    Duration since(long earlier) {
        return Duration.ofNanos(nanos() - earlier);
    }
}
