// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How to wait for a socket that can only be asked: the first empty looks cost a millisecond each inside the driver and find
 * the next change at once; after that a short rest between looks keeps an idle pipeline off the processor. Confined to one
 * thread; an interrupt ends a rest.
 */
final class IdleWait {

    private static final int KEEN_LOOKS = 50;
    private static final long REST_NANOS = Duration.ofMillis(10).toNanos();

    private int emptyLooks;

    void reset() {
        emptyLooks = 0;
    }

    void nothingCame() {
        emptyLooks++;
    }

    boolean isIdle() {
        return emptyLooks > 0;
    }

    /** Rests no longer than {@code atMostNanos}. */
    void rest(long atMostNanos) {
        if (emptyLooks > KEEN_LOOKS) {
            LockSupport.parkNanos(Math.min(REST_NANOS, atMostNanos));
        }
    }
}
