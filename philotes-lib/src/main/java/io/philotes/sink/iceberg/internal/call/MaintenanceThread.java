// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.call;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a sink does what takes long and is in no hurry, one table after the other. It only waits: the work is
 * a {@linkplain BoundedCalls call}, given up when it made no step for the length of the deadline, so that a catalog or storage
 * which hangs stands in the way of one run and not of all that come behind it. Work must share nothing that a thread which
 * hangs on could spoil. Threads end by themselves when they have nothing to do, so nobody closes it. Thread-safe.
 */
public final class MaintenanceThread {

    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceThread.class);

    private static final long IDLE_SECONDS = 10;
    private static final long PATIENCE_SECONDS = 5;

    private final ExecutorService thread;
    private final BoundedCalls calls;

    public MaintenanceThread(String name, Duration deadline) {
        this.thread = create(name);
        this.calls = new BoundedCalls(name + "-maintenance", 1, deadline);
    }

    private static ExecutorService create(String name) {
        ThreadPoolExecutor thread =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread made = new Thread(task, "philotes-" + name + "-maintenance");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    /**
     * Runs it when everything that was handed over before has ended.
     *
     * @param what completes "Cannot …"
     * @return completes with the result, or with what the work threw; {@link PhilotesException} STORAGE_FAILED when it was given up
     */
    public <T> CompletableFuture<T> run(String what, Supplier<T> work) {
        return CompletableFuture.supplyAsync(() -> calls.await(ErrorCode.STORAGE_FAILED, what, work::get), thread);
    }

    /** Until everything that was handed over before has ended, but no longer than a moment. Does not throw. */
    public void await() {
        try {
            thread.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Maintenance still ends something; files may stay behind");
        }
    }
}
