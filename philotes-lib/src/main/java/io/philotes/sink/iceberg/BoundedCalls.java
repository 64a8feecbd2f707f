// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs calls to catalog and storage with a deadline, a bounded number at a time. A call that passes its deadline is
 * interrupted and given up: its thread may hang on in a socket, but its place is free again. Used by one thread.
 */
final class CommitPool implements AutoCloseable {

    private final ExecutorService threads;
    private final Semaphore places;
    private final Duration deadline;

    CommitPool(String pipeline, int parallelism, Duration deadline) {
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "philotes-" + pipeline + "-worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.places = new Semaphore(parallelism);
        this.deadline = deadline;
    }

    /**
     * Starts a call as soon as there is a place.
     *
     * @return completes with the result, the call's exception, or {@link java.util.concurrent.TimeoutException}
     */
    <T> CompletableFuture<T> start(Callable<T> call) throws InterruptedException {
        places.acquire();
        CompletableFuture<T> result = new CompletableFuture<>();
        Future<?> running = threads.submit(() -> run(call, result));
        result.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
        return result.whenComplete((value, failure) -> {
            running.cancel(true);
            places.release();
        });
    }

    /**
     * Runs one call and waits for it.
     *
     * @throws PhilotesException what the call throws, COMMIT_UNKNOWN when it passes its deadline or ends in another way
     */
    <T> T await(TableId table, Callable<T> call) {
        try {
            return start(call).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PhilotesException known) {
                throw known;
            }
            throw unknown(table, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(table, e);
        }
    }

    /** How a call ended of which nothing is known. */
    static PhilotesException unknown(TableId table, Throwable cause) {
        String why = cause instanceof TimeoutException
                ? "the deadline passed"
                : cause instanceof InterruptedException ? "interrupted" : String.valueOf(cause.getMessage());
        return new PhilotesException(ErrorCode.COMMIT_UNKNOWN, "Cannot tell whether a commit landed: " + why, cause)
                .inTable(table);
    }

    @SuppressWarnings("IllegalCatch")
    private static <T> void run(Callable<T> call, CompletableFuture<T> result) {
        try {
            result.complete(call.call());
        } catch (Exception | Error e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
