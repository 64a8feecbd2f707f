// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Brings compaction beside the writer to where a test wants it. */
final class Compactions {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Compactions() {}

    /** Until the rows are copied; they are not in the table yet. */
    static void awaitCopy(TestLake lake) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (lake.sink().isTending()) {
            assertThat(System.nanoTime()).as("a compaction ends in time").isLessThan(end);
            LockSupport.parkNanos(200_000);
        }
    }

    /** Until there is nothing to do any more. */
    static void settle(TestLake lake) {
        for (int run = 0; run < 20; run++) {
            awaitCopy(lake);
            tend(lake);
        }
    }

    static void tend(TestLake lake) {
        try {
            lake.sink().tend();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
