// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Shares tasks between threads and the caller who waits for them. Iceberg asks a task again and again whether it is done and
 * sleeps 10 ms between two questions, which was more than half of a small commit: it asks some seven times, mostly for one
 * task. So here the question is the wait, and who asks runs what no thread has begun. The newest task is kept for that; the
 * ones before it go to the threads.
 *
 * <p>Thread-safe. The threads belong to somebody else and are never shut down.
 */
final class SharedTasks extends AbstractExecutorService {

    private final ExecutorService threads;
    private final AtomicReference<Shared<?>> kept = new AtomicReference<>();

    SharedTasks(ExecutorService threads) {
        this.threads = threads;
    }

    private final class Shared<T> extends FutureTask<T> {

        Shared(Callable<T> task) {
            super(task);
        }

        boolean hasEnded() {
            return super.isDone();
        }

        /** Comes back when the task has ended; false only to a thread that is interrupted. */
        @Override
        public boolean isDone() {
            if (!hasEnded()) {
                help();
                await();
            }
            return hasEnded();
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            help();
            return super.get();
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            help();
            return super.get(timeout, unit);
        }

        /** Runs the task that was kept, then this one; neither when another thread has begun it. */
        private void help() {
            Shared<?> newest = kept.getAndSet(null);
            if (newest != null) {
                newest.run();
            }
            run();
        }

        private void await() {
            try {
                super.get();
            } catch (ExecutionException | CancellationException e) {
                // The caller gets it from its own get().
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return newTaskFor(Executors.callable(task, value));
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return new Shared<>(task);
    }

    @Override
    public void execute(Runnable task) {
        if (!(task instanceof Shared<?> shared)) {
            threads.execute(task);
            return;
        }
        Shared<?> before = kept.getAndSet(shared);
        if (before != null && !before.hasEnded()) {
            threads.execute(before);
        }
    }

    @Override
    public void shutdown() {
        throw new UnsupportedOperationException("the threads belong to somebody else");
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException("the threads belong to somebody else");
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
