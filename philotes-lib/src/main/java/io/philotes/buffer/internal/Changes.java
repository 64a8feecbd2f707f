// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.internal;

import java.util.concurrent.TimeUnit;

/** Wakes threads when something changed that they may wait for. Thread-safe. */
public final class Changes {

    private long count;

    /** How often something changed; taken before one looks, given to {@link #await} when there was nothing. */
    public synchronized long count() {
        return count;
    }

    /** Something changed. */
    public synchronized void raise() {
        count++;
        notifyAll();
    }

    /** Waits for a change after {@code seen}; false when none came before {@code deadline} ({@link System#nanoTime}). */
    public synchronized boolean await(long seen, long deadline) throws InterruptedException {
        while (count == seen) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        }
        return true;
    }
}
