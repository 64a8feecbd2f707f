// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Properties;
import javax.net.SocketFactory;

/** Makes the driver speak through a Unix socket. It is named to the driver, which makes one for each connection. Immutable. */
public final class UnixSocketFactory extends SocketFactory {

    private final Path file;
    private final boolean streams;

    /** For the driver. */
    public UnixSocketFactory(Properties connection) {
        file = Path.of(connection.getProperty("socketFactoryArg"));
        streams = connection.containsKey("replication");
    }

    /** Lets a connection with these properties go through a socket, whatever host its URL names. */
    public static void use(Path socket, Properties connection) {
        connection.setProperty("socketFactory", UnixSocketFactory.class.getName());
        connection.setProperty("socketFactoryArg", socket.toString());
    }

    /** Connected already, so that the driver looks no host up. */
    @Override
    public Socket createSocket() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
        try {
            return new ChannelSocket(channel, streams);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return createSocket();
    }
}
