// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something when Ctrl-C or SIGTERM ends the process, until closed. */
final class OnSignal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OnSignal.class);

    private final Thread hook;

    private OnSignal(Thread hook) {
        this.hook = hook;
    }

    static OnSignal run(Runnable action) {
        Thread hook = new Thread(action, "philotes-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        return new OnSignal(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("The process is ending already", e);
        }
    }
}
