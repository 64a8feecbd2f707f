// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.socket;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Waits until a channel can be read, or written. As with other sockets an interrupt does not end a wait; it is kept for the
 * caller. One thread waits; any thread may close, which ends the wait.
 */
final class Readiness implements Closeable {

    private final Selector selector;

    private Readiness(SocketChannel channel, int operation) throws IOException {
        selector = Selector.open();
        try {
            channel.register(selector, operation);
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    static Readiness toRead(SocketChannel channel) throws IOException {
        return new Readiness(channel, SelectionKey.OP_READ);
    }

    static Readiness toWrite(SocketChannel channel) throws IOException {
        return new Readiness(channel, SelectionKey.OP_WRITE);
    }

    /** Whether it is ready in time; 0 waits for ever. */
    boolean await(long millis) throws IOException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        boolean interrupted = false;
        try {
            while (true) {
                long left = millis == 0 ? 0 : Math.max(1, (deadline - System.nanoTime() + 999_999) / 1_000_000);
                if (selector.select(key -> {}, left) > 0) {
                    return true;
                }
                if (!selector.isOpen()) {
                    throw closed();
                }
                // While it is set, select would not wait.
                interrupted |= Thread.interrupted();
                if (millis != 0 && System.nanoTime() >= deadline) {
                    return false;
                }
            }
        } catch (ClosedSelectorException e) {
            throw closed();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SocketException closed() {
        return new SocketException("the socket is closed");
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
