// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads a file of {@link IndexOutput}. Confined to one thread. */
public final class IndexInput implements AutoCloseable {

    private static final int CHECKSUM_BYTES = 4;

    private final DataInputStream in;
    private final byte[] piece = new byte[64 << 10];
    private final Runnable step;

    /** Tells {@code step} whenever it got on. Throws {@link IOException} when the file is not whole. */
    public IndexInput(Path file, Runnable step) throws IOException {
        this.step = step;
        requireWhole(file);
        this.in = new DataInputStream(new BufferedInputStream(new FileInputStream(file.toFile()), 64 << 10));
    }

    /** Reads all of it before anything is believed: a length that a broken disk made up could be any. */
    private void requireWhole(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        try (DataInputStream all = new DataInputStream(new BufferedInputStream(new FileInputStream(file.toFile())))) {
            for (long left = Files.size(file) - CHECKSUM_BYTES; left > 0; ) {
                int count = readPiece(all, (int) Math.min(piece.length, left));
                checksum.update(piece, 0, count);
                left -= count;
                step.run();
            }
            if (all.readInt() != (int) checksum.getValue()) {
                throw new IOException("its checksum is another");
            }
        }
    }

    private int readPiece(InputStream from, int count) throws IOException {
        int read = from.readNBytes(piece, 0, count);
        if (read < count) {
            throw new IOException("it is cut off");
        }
        return read;
    }

    public long number() throws IOException {
        return in.readLong();
    }

    /** A number that is an int. */
    public int count() throws IOException {
        return Math.toIntExact(number());
    }

    public String text() throws IOException {
        return in.readUTF();
    }

    void memory(ByteBuffer to, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += piece.length) {
            int count = readPiece(in, Math.min(piece.length, length - at));
            to.put(offset + at, piece, 0, count);
        }
        step.run();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
