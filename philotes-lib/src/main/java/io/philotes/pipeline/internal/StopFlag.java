// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.time.Duration;

/** Tells one thread to end, and wakes it when it waits. Thread-safe; guarded by {@code this}. */
final class StopFlag {

    private volatile boolean set;

    boolean isSet() {
        return set;
    }

    synchronized void set() {
        set = true;
        notifyAll();
    }

    /** Waits so long, or until set. */
    synchronized void await(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (long rest = timeout.toNanos(); !set && rest > 0; rest = deadline - System.nanoTime()) {
            wait(Math.max(1, rest / 1_000_000));
        }
    }
}
