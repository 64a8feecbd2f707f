// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import java.util.concurrent.TimeUnit;

/** Counts what happened to a buffer, for those who wait for something to happen. Thread-safe. */
final class Changes {

    private long count;

    synchronized long count() {
        return count;
    }

    synchronized void raise() {
        count++;
        notifyAll();
    }

    /** Waits until something happened after {@code seen}; false when nothing did before the deadline of the nano clock. */
    synchronized boolean await(long seen, long deadline) throws InterruptedException {
        while (count == seen) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
