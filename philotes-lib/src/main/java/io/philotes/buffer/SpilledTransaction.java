// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.model.ChangeBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The parts of one transaction in a temporary file: only the record bytes, one part behind the other; all else about a part
 * stays on the heap. The file has no name where the system allows that, so that a killed process leaves nothing behind.
 *
 * <p>Thread-safe. A {@link RandomAccessFile} rather than a channel, because an interrupt closes a channel for everyone.
 */
final class SpilledTransaction implements HeldTransactions {

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

    synchronized void add(ChangeBatch part) throws IOException {
        file.seek(bytes);
        file.write(part.bytes(), 0, part.length());
        ChangeBatch shape = new ChangeBatch(new byte[0], 0, part.relations(), part.extent());
        parts.add(new Part(bytes, crc(part.bytes(), part.length()), shape));
        bytes += part.length();
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
