// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.VisibleKeys;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Notes when each key becomes visible to readers, in a thread of its own that looks every ten milliseconds; so a figure is at most
 * that much too long. Keys count from 1. Thread-safe.
 */
final class FreshnessWatch implements AutoCloseable {

    private static final long LOOK_MILLIS = 10;

    private final VisibleKeys keys;
    private final AtomicLongArray seenAt;
    private final Thread thread;
    private volatile long visible;
    private volatile boolean closed;

    private FreshnessWatch(VisibleKeys keys, int most) {
        this.keys = keys;
        this.seenAt = new AtomicLongArray(most + 1);
        this.thread = new Thread(this::run, "freshness");
    }

    static FreshnessWatch start(VisibleKeys keys, int most) {
        FreshnessWatch watch = new FreshnessWatch(keys, most);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (keys) {
            while (!closed) {
                long upTo = keys.look();
                long now = System.nanoTime();
                for (long key = visible + 1; key <= upTo; key++) {
                    seenAt.set((int) key, now);
                }
                visible = upTo;
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until a key is visible. */
    void awaitVisible(long key) throws InterruptedException {
        while (visible < key) {
            if (!thread.isAlive()) {
                throw new BenchmarkException("The watch of the lake ended");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Milliseconds from the given times to visibility, ascending, of the keys from {@code first} on. */
    double[] latencies(long[] committedAt, int first) {
        double[] millis = new double[committedAt.length - first];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = (seenAt.get(first + i) - committedAt[first + i]) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    @Override
    public void close() {
        closed = true;
    }
}
