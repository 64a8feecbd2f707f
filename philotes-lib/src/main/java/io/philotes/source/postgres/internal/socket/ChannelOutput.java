// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.socket;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Writes into a channel that does not block, and waits while it takes nothing. Confined to one thread. */
final class ChannelOutput extends OutputStream {

    private final SocketChannel channel;
    private final Readiness writable;

    ChannelOutput(SocketChannel channel, Readiness writable) {
        this.channel = channel;
        this.writable = writable;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
        channel.write(rest);
        while (rest.hasRemaining()) {
            writable.await(0);
            channel.write(rest);
        }
    }
}
