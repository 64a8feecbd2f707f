// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which Iceberg reads and writes manifests for a sink. Iceberg's own pool is shared by the whole JVM and closes
 * as soon as the JVM is told to end, when a pipeline that stops in order still has its last commit to make. Threads that have
 * nothing to do end by themselves, so nobody closes this one.
 */
final class ManifestThreads {

    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private ManifestThreads() {}

    static ExecutorService create() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "philotes-manifests");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Writing manifests is split only when there are very many files. */
    static int parallelism() {
        return THREADS;
    }
}
