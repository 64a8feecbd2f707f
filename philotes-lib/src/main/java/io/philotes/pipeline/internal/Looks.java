// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.source.SchemaTracking;
import io.philotes.source.SourceLook;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at the source's catalog, on their way from the housekeeper, which makes them, to the apply thread, which owns the
 * tables' states. Thread-safe.
 */
final class Looks {

    /**
     * One look, and when it was: what it says may be older than what happened to a table since.
     *
     * @param seen what it saw
     * @param beganNanos before it, by {@link System#nanoTime}
     * @param endedNanos after it
     */
    record Look(SourceLook seen, long beganNanos, long endedNanos) {}

    private final Queue<Look> untaken = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private volatile SchemaTracking tracking;

    /** Asks for a look now. */
    void want() {
        wanted.set(true);
    }

    boolean takeWanted() {
        return wanted.getAndSet(false);
    }

    void add(Look look) {
        tracking = look.seen().tracking();
        untaken.add(look);
    }

    /** The oldest one that was not {@link #done}; null for none. */
    Look next() {
        return untaken.peek();
    }

    /** What the oldest one said is stored. */
    void done() {
        untaken.remove();
    }

    Optional<SchemaTracking> tracking() {
        return Optional.ofNullable(tracking);
    }
}
