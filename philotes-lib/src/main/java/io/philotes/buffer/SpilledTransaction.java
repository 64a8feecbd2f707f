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
 * The parts of one transaction: on the heap while they are few, then all in a temporary file, which has only the record bytes,
 * one part behind the other. The file has no name where the system allows that, so that a killed process leaves nothing behind.
 *
 * <p>Thread-safe. A {@link RandomAccessFile} rather than a channel, because an interrupt closes a channel for everyone.
 */
final class SpilledTransaction implements HeldTransactions {

    /** A write that fails where less is free failed for want of room, in whatever language the system says so. */
    private static final long LEAST_FREE_BYTES = 1 << 20;

    /** @param shape the part itself, or once it is in the file all but its bytes */
    private record Part(long offset, int crc, ChangeBatch shape) {}

    private final Path directory;
    private final long keptBytes;
    private final List<Part> parts = new ArrayList<>();
    private Path path;
    private RandomAccessFile file;
    private boolean nameless;
    private boolean released;
    private long bytes;

    /**
     * @param directory where the file goes; null for the system's temporary directory
     * @param keptBytes up to which size there is none: a file for each transaction of a few hundred rows took an eighth of
     *     capture's time
     */
    SpilledTransaction(Path directory, long keptBytes) {
        this.directory = directory;
        this.keptBytes = keptBytes;
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
        if (file == null && bytes + part.length() <= keptBytes) {
            parts.add(new Part(bytes, 0, part));
        } else {
            open();
            parts.add(written(part, bytes));
        }
        bytes += part.length();
    }

    /** Makes the file, if there is none yet, with all parts so far. */
    private void open() throws IOException {
        if (file != null) {
            return;
        }
        nameless = false;
        path = directory == null
                ? Files.createTempFile("philotes-", ".spill")
                : Files.createTempFile(directory, "philotes-", ".spill");
        try {
            file = new RandomAccessFile(path.toFile(), "rw");
            nameless = deleted(path);
            List<Part> written = new ArrayList<>();
            for (Part part : parts) {
                written.add(written(part.shape(), part.offset()));
            }
            parts.clear();
            parts.addAll(written);
        } catch (IOException e) {
            closeFile();
            throw e;
        }
    }

    private Part written(ChangeBatch part, long offset) throws IOException {
        try {
            file.seek(offset);
            file.write(part.bytes(), 0, part.length());
        } catch (IOException e) {
            file.setLength(offset);
            throw e;
        }
        ChangeBatch shape = new ChangeBatch(new byte[0], 0, part.relations(), part.extent());
        return new Part(offset, crc(part.bytes(), part.length()), shape);
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
        if (released) {
            throw new IOException("the transaction was let go");
        }
        Part part = parts.get(index);
        if (file == null) {
            return part.shape();
        }
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
        released = true;
        closeFile();
    }

    private void closeFile() {
        if (path == null) {
            return;
        }
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException nothingIsLost) {
            // Only a temporary file that nobody reads any more.
        }
        if (!nameless) {
            deleted(path);
        }
        path = null;
        file = null;
    }
}
