// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes a file that ends with its checksum, which {@link IndexInput} asks for. It is not forced to the disk: what a crash of
 * the machine leaves of it does not have that checksum. Confined to one thread. The file:
 *
 * <pre>
 * what was written | int32 CRC-32C of all that
 * </pre>
 */
public final class IndexOutput implements AutoCloseable {

    private final CRC32C checksum = new CRC32C();
    private final DataOutputStream out;
    private final byte[] piece = new byte[64 << 10];
    private final Runnable step;

    /** Writes a new file; tells {@code step} whenever it got on. */
    public IndexOutput(Path file, Runnable step) throws IOException {
        // A stream and not a channel: an interrupt would close a channel.
        this.out = new DataOutputStream(new BufferedOutputStream(
                new CheckedOutputStream(new FileOutputStream(file.toFile()), checksum), 64 << 10));
        this.step = step;
    }

    public void number(long value) throws IOException {
        out.writeLong(value);
    }

    /** At most 65535 bytes in modified UTF-8. */
    public void text(String value) throws IOException {
        out.writeUTF(value);
    }

    void memory(ByteBuffer from, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += piece.length) {
            int count = Math.min(piece.length, length - at);
            from.get(offset + at, piece, 0, count);
            out.write(piece, 0, count);
        }
        step.run();
    }

    /** Ends the file with its checksum. */
    public void end() throws IOException {
        out.flush();
        out.writeInt((int) checksum.getValue());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
