// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a sink does what takes long and is in no hurry, one table after the other. It ends by itself when it
 * has nothing to do, so nobody closes it.
 */
final class MaintenanceThread {

    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceThread.class);

    private static final long IDLE_SECONDS = 10;
    private static final long PATIENCE_SECONDS = 5;

    private MaintenanceThread() {}

    static ExecutorService create(String name) {
        ThreadPoolExecutor thread =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread made = new Thread(task, "philotes-" + name + "-maintenance");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    /** Until everything that was handed to the thread before has ended, but no longer than a moment. Does not throw. */
    static void await(ExecutorService thread) {
        try {
            thread.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Maintenance still ends something; files may stay behind");
        }
    }
}
