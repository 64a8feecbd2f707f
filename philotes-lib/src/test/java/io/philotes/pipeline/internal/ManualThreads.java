// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Helper threads that are none: work waits until it is told to run, in the caller's thread. Single-threaded. */
final class ManualThreads implements IntFunction<ExecutorService> {

    private record Work(Pool pool, Runnable task) {}

    private final List<Work> waiting = new ArrayList<>();

    @Override
    public ExecutorService apply(int threads) {
        return new Pool();
    }

    /** Runs what has waited longest; false when nothing does. */
    boolean runOne() {
        if (waiting.isEmpty()) {
            return false;
        }
        waiting.remove(0).task().run();
        return true;
    }

    private final class Pool extends AbstractExecutorService {

        private boolean shutdown;

        @Override
        public void execute(Runnable task) {
            waiting.add(new Work(this, task));
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            waiting.removeIf(work -> work.pool() == this);
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
