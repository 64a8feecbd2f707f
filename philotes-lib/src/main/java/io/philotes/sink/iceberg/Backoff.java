// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waits between attempts: doubling from 50 ms to 2 s, with jitter. Confined to one thread. */
final class Backoff {

    private static final long FIRST_MILLIS = 50;
    private static final long LAST_MILLIS = 2_000;

    private final CountDownLatch never = new CountDownLatch(1);
    private long millis = FIRST_MILLIS;

    void await() throws InterruptedException {
        long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        never.await(jittered, TimeUnit.MILLISECONDS);
        millis = Math.min(millis * 2, LAST_MILLIS);
    }
}
