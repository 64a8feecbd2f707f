// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A moment in a part's life. Immutable.
 *
 * @param atMicros when, µs since 1970
 * @param cpuMicros CPU time of its process up to then; 0 where that cannot be told
 */
public record Moment(long atMicros, long cpuMicros) {

    static Moment now() {
        long cpu = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(spent -> spent.toNanos() / 1_000)
                .orElse(0L);
        return new Moment(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()), cpu);
    }
}
