// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is begun in a thread of its own while the process does something else. For one thread. */
final class Beside {

    private static final Logger LOG = LoggerFactory.getLogger(Beside.class);

    private final FutureTask<Void> task;

    private Beside(FutureTask<Void> task) {
        this.task = task;
    }

    /** What has ended well already. */
    static Beside nothing() {
        FutureTask<Void> task = new FutureTask<>(() -> null);
        task.run();
        return new Beside(task);
    }

    static Beside begin(String threadName, Runnable work) {
        FutureTask<Void> task = new FutureTask<>(work, null);
        new Thread(task, threadName).start();
        return new Beside(task);
    }

    /** Whether somebody may listen there now; what is not an address is not free either. */
    static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            return socket.isBound();
        } catch (IOException e) {
            LOG.debug("{}:{} is not free", address, port, e);
            return false;
        }
    }

    /**
     * Waits for its end.
     *
     * @throws PhilotesException what it ended with
     */
    void require() throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PhilotesException known
                    ? known
                    : new PhilotesException(ErrorCode.DEFECT, "Cannot do what was begun: " + e.getCause(), e);
        }
    }

    /** Waits for its end, in whatever way. */
    void await() {
        try {
            require();
        } catch (PhilotesException e) {
            LOG.debug("It failed, which was told where it was asked for", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
