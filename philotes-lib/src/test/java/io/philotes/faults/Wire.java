// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A network between a client and a server that can be bad in several ways. Thread-safe. */
final class Wire implements AutoCloseable {

    enum Weather {
        /** Passes everything. */
        FAIR,
        /** Passes everything late. */
        SLOW,
        /** Takes nothing more from either side: buffers fill, and nobody is told. */
        STALLED,
        /** Takes everything and passes nothing on: both ends believe that the other is there. */
        HALF_OPEN,
        /** Ends new connections at once. */
        DOWN
    }

    private static final Duration LATENESS = Duration.ofMillis(150);

    private final ServerSocket listener;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private volatile Weather weather = Weather.FAIR;

    Wire(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void turn(Weather next) {
        synchronized (change) {
            weather = next;
            change.notifyAll();
        }
    }

    /** No connections: those that are break with a reset, new ones end at once. */
    void cut() {
        turn(Weather.DOWN);
        reset();
    }

    /** Breaks every connection with a reset. */
    void reset() {
        sockets.forEach(Wire::resetQuietly);
        sockets.clear();
    }

    private static void resetQuietly(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            return; // it is closed already
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                if (weather == Weather.DOWN) {
                    resetQuietly(client);
                } else {
                    connect(client);
                }
            }
        } catch (IOException e) {
            threads.shutdown();
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(client);
            sockets.add(server);
            threads.execute(() -> pass(client, server));
            threads.execute(() -> pass(server, client));
        } catch (IOException e) {
            resetQuietly(client);
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] bytes = new byte[1 << 14];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            boolean swallowed = false;
            for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
                swallowed |= !awaitPassage();
                if (!swallowed) {
                    out.write(bytes, 0, n);
                }
            }
        } catch (IOException e) {
            return; // both ends are closed, as either wanted
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Whether what was read may go on; a connection that lost some of it never passes anything again. */
    private boolean awaitPassage() throws InterruptedException {
        synchronized (change) {
            if (weather == Weather.SLOW) {
                change.wait(LATENESS.toMillis());
            }
            while (weather == Weather.STALLED) {
                change.wait();
            }
            return weather != Weather.HALF_OPEN;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        reset();
        threads.shutdownNow();
    }
}
