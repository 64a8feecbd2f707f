// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.model.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Measures the time from a commit in the source until it can be seen in the lake. Thread-safe. Nothing is measured before
 * {@link #begin}: what is written while tables are copied waits for the copy.
 */
final class LagSamples {

    private record Waiting(Lsn position, long nanos) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Long> millis = new ArrayList<>();
    private boolean begun;

    synchronized void begin() {
        begun = true;
    }

    synchronized boolean hasBegun() {
        return begun;
    }

    synchronized void sourceCommitted(Lsn before) {
        if (begun) {
            waiting.add(new Waiting(before, System.nanoTime()));
        }
    }

    synchronized void lakeCommitted(Lsn upTo) {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && upTo.isAfter(waiting.peek().position())) {
            millis.add((now - waiting.remove().nanos()) / 1_000_000);
        }
    }

    /** Milliseconds that a share of all samples stays within; 0 without samples. */
    synchronized long percentile(double share) {
        if (millis.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        int index = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.max(0, index));
    }

    synchronized int count() {
        return millis.size();
    }
}
