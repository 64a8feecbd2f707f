// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads that carry their role in their name and never keep a JVM alive. Thread-safe. */
final class NamedThreads implements ThreadFactory {

    private final String role;
    private final AtomicInteger count = new AtomicInteger();

    NamedThreads(String role) {
        this.role = role;
    }

    @Override
    public Thread newThread(Runnable work) {
        return named(role + "-" + count.incrementAndGet(), work);
    }

    static Thread named(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
