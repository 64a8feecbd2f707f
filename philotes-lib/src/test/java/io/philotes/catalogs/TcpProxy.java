// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between a client and a server; on command it breaks a connection instead of passing a reply. Thread-safe. */
final class TcpProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int target;
    private final AtomicReference<String> doomed = new AtomicReference<>();

    TcpProxy(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next request that contains the text is passed on, and its reply is not. */
    void loseReplyTo(String text) {
        doomed.set(text);
    }

    boolean isLost() {
        return doomed.get() == null;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                AtomicBoolean losing = new AtomicBoolean();
                threads.execute(() -> pass(client, server, losing, true));
                threads.execute(() -> pass(server, client, losing, false));
            }
        } catch (IOException e) {
            threads.shutdown();
        }
    }

    private void pass(Socket from, Socket to, AtomicBoolean losing, boolean isRequest) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
                if (isRequest) {
                    losing.compareAndSet(false, isDoomed(new String(bytes, 0, n, StandardCharsets.ISO_8859_1)));
                } else if (losing.get()) {
                    return;
                }
                out.write(bytes, 0, n);
            }
        } catch (IOException e) {
            return; // both ends are closed, as either wanted
        }
    }

    private boolean isDoomed(String request) {
        String text = doomed.get();
        return text != null && request.contains(text) && doomed.compareAndSet(text, null);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
