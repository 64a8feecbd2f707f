// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks on their way to one sink's apply thread, which owns the tables' states there. Thread-safe; guarded by {@code this}.
 * While nobody takes them, those that only say what a later one says too give way to it.
 */
final class LookQueue {

    private final Deque<Looks.Look> untaken = new ArrayDeque<>();

    synchronized void add(Looks.Look look) {
        if (untaken.size() > 1 && untaken.peekLast().saysNoMoreThan(look)) {
            untaken.removeLast();
        }
        untaken.addLast(look);
    }

    /** The oldest one that was not {@link #done}; null for none. */
    synchronized Looks.Look next() {
        return untaken.peekFirst();
    }

    /** What the oldest one said is stored. */
    synchronized void done() {
        untaken.removeFirst();
    }
}
