// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waits between attempts as a {@link CommitRetry} says. Confined to one thread. */
final class Backoff {

    private final CountDownLatch never = new CountDownLatch(1);
    private final long largest;
    private long millis;

    Backoff(CommitRetry retry) {
        this.millis = Math.max(1, retry.initialDelay().toMillis());
        this.largest = Math.max(1, retry.maxDelay().toMillis());
    }

    void await() throws InterruptedException {
        long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        never.await(jittered, TimeUnit.MILLISECONDS);
        millis = Math.min(millis * 2, largest);
    }
}
