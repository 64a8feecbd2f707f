// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Properties;
import javax.net.SocketFactory;

/**
 * Makes TCP sockets for the driver that close when the thread is interrupted which connects, reads or writes: Java's own wait
 * on. Public because the driver makes it by its name. Thread-safe.
 */
public final class InterruptibleSocketFactory extends SocketFactory {

    /** Lets a connection with these properties be broken off by an interrupt. */
    public static void use(Properties connection) {
        connection.setProperty("socketFactory", InterruptibleSocketFactory.class.getName());
    }

    @Override
    public Socket createSocket() throws IOException {
        return SocketChannel.open().socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return createSocket(host, port);
    }

    private Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = createSocket();
        try {
            socket.connect(address);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
