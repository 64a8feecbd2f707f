// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;

/**
 * A channel of a Unix socket as the socket that the driver wants: reads have a timeout, an interrupt ends nothing, and options of
 * TCP are passed over. One thread reads and writes; any thread may close.
 */
final class ChannelSocket extends Socket {

    /** What the driver takes for a guide to its own buffers. */
    private static final int BUFFER_SIZE = 8 * 1024;

    private final SocketChannel channel;
    private final Readiness readable;
    private final Readiness writable;
    private final ChannelInput in;
    private final ChannelOutput out;

    /**
     * @param channel connected
     * @param streams whether much may come unasked, in small pieces
     */
    ChannelSocket(SocketChannel channel, boolean streams) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.readable = Readiness.toRead(channel);
        this.writable = writable(channel, readable);
        this.in = new ChannelInput(channel, readable, streams);
        this.out = new ChannelOutput(channel, writable);
    }

    private static Readiness writable(SocketChannel channel, Readiness readable) throws IOException {
        try {
            return Readiness.toWrite(channel);
        } catch (IOException | RuntimeException e) {
            readable.close();
            throw e;
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        requireOpen();
        return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        requireOpen();
        return out;
    }

    private void requireOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("the socket is closed");
        }
    }

    @Override
    public void setSoTimeout(int millis) {
        in.timeoutMillis(millis);
    }

    @Override
    public int getSoTimeout() {
        return in.timeoutMillis();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    /** The channel first: it lets its descriptor go when no selector watches it any more. */
    @Override
    public void close() throws IOException {
        channel.close();
        try (writable) {
            readable.close();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public boolean getKeepAlive() {
        return true;
    }

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public int getSendBufferSize() {
        return BUFFER_SIZE;
    }

    @Override
    public void setReceiveBufferSize(int size) {}

    @Override
    public int getReceiveBufferSize() {
        return BUFFER_SIZE;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        try {
            return channel.getRemoteAddress();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "socket " + getRemoteSocketAddress();
    }
}
