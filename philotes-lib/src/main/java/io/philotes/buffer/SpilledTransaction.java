// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The parts of one transaction in a temporary file: only the record bytes, one part behind the other; all else about a part
 * stays on the heap. The file has no name where the system allows that, so that a killed process leaves nothing behind.
 *
 * <p>Thread-safe. A {@link RandomAccessFile} rather than a channel, because an interrupt closes a channel for everyone.
 */
final class SpilledTransaction implements HeldTransactions {

    /** A write that fails where less is free failed for want of room, in whatever language the system says so. */
    private static final long LEAST_FREE_BYTES = 1 << 20;

    private record Part(long offset, int crc, ChangeBatch shape) {}

    private final Path path;
    private final RandomAccessFile file;
    private final boolean nameless;
    private final List<Part> parts = new ArrayList<>();
    private long bytes;

    SpilledTransaction(Path directory) throws IOException {
        path = directory == null
                ? Files.createTempFile("philotes-", ".spill")
                : Files.createTempFile(directory, "philotes-", ".spill");
        file = new RandomAccessFile(path.toFile(), "rw");
        nameless = deleted(path);
    }

    private static boolean deleted(Path path) {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException openFilesCannotBeDeletedHere) {
            return false;
        }
    }

    /** Adds a part behind the others, or throws and adds nothing. */
    synchronized void add(ChangeBatch part) throws IOException {
        try {
            file.seek(bytes);
            file.write(part.bytes(), 0, part.length());
        } catch (IOException e) {
            file.setLength(bytes);
            throw e;
        }
        ChangeBatch shape = new ChangeBatch(new byte[0], 0, part.relations(), part.extent());
        parts.add(new Part(bytes, crc(part.bytes(), part.length()), shape));
        bytes += part.length();
    }

    /** Why {@link #add} or the creation failed: BUFFER_FULL or BUFFER_FAILED. */
    static PhilotesException failure(Path directory, IOException e) {
        Path where = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = message.contains("no space left") || message.contains("quota exceeded");
        return new PhilotesException(
                full || (Files.isDirectory(where) && where.toFile().getUsableSpace() < LEAST_FREE_BYTES)
                        ? ErrorCode.BUFFER_FULL
                        : ErrorCode.BUFFER_FAILED,
                "Cannot spill a large transaction: " + e + ", path=" + where,
                e);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    @Override
    public synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized int batches() {
        return parts.size();
    }

    @Override
    public synchronized ChangeBatch batch(int index) throws IOException {
        Part part = parts.get(index);
        long end = index + 1 < parts.size() ? parts.get(index + 1).offset() : bytes;
        byte[] content = new byte[(int) (end - part.offset())];
        file.seek(part.offset());
        file.readFully(content);
        if (crc(content, content.length) != part.crc()) {
            throw new IOException("the spilled part " + index + " is damaged, file=" + path);
        }
        return new ChangeBatch(
                content, content.length, part.shape().relations(), part.shape().extent());
    }

    @Override
    public synchronized void release() {
        try {
            file.close();
        } catch (IOException nothingIsLost) {
            // Only a temporary file that nobody reads any more.
        }
        if (!nameless) {
            deleted(path);
        }
    }
}
