// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import io.philotes.file.internal.Directories;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.iceberg.io.PositionOutputStream;

/** Writes a file from its start; {@link #close} forces it and its directory entry to disk. */
final class LocalOutputStream extends PositionOutputStream {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path path;
    private final FileOutputStream file;
    private final OutputStream buffered;
    private long position;
    private boolean closed;

    LocalOutputStream(Path path) throws IOException {
        this.path = path;
        this.file = new FileOutputStream(path.toFile());
        this.buffered = new BufferedOutputStream(file, BUFFER_BYTES);
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void write(int value) throws IOException {
        requireOpen();
        buffered.write(value);
        position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        requireOpen();
        buffered.write(bytes, offset, length);
        position += length;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("Cannot write to " + path + ": it is closed");
        }
    }

    @Override
    public void flush() throws IOException {
        buffered.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            buffered.flush();
            file.getFD().sync();
        }
        Directories.force(path.getParent());
    }
}
