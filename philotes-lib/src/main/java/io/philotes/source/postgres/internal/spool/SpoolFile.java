// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.spool;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Blocks in a temporary file, which has no name where the system allows that, so that a killed process leaves nothing behind.
 * Never forced: the server sends it all again. Confined to one thread.
 *
 * <p>A {@link RandomAccessFile} rather than a channel, because an interrupt closes a channel.
 */
final class SpoolFile implements AutoCloseable {

    /** A write that fails where less is free failed for want of room, in whatever language the system says so. */
    private static final long LEAST_FREE_BYTES = 1 << 20;

    private static final int LEAST_BLOCKS = 64;

    /** What must stay free besides, for a buffer that may be on the same disk. */
    private static final long RESERVE_BYTES = 128L << 20;

    private static final long BYTES_BETWEEN_LOOKS = 4 << 20;

    private final Path path;
    private final RandomAccessFile file;
    private final boolean nameless;
    private final CRC32C crc = new CRC32C();

    private int blocks;
    private long nextLook = BYTES_BETWEEN_LOOKS;

    /** Where each block ends. */
    private long[] ends = new long[LEAST_BLOCKS];

    private int[] crcs = new int[LEAST_BLOCKS];

    /** Less is free than its replay takes. */
    private static final class NoRoom extends IOException {

        private static final long serialVersionUID = 1L;

        NoRoom(String message) {
            super(message);
        }
    }

    private SpoolFile(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.nameless = deleted(path);
    }

    static SpoolFile create(Path directory) throws IOException {
        if (directory == null) {
            return new SpoolFile(Files.createTempFile("philotes-", ".spool"));
        }
        Files.createDirectories(directory);
        return new SpoolFile(Files.createTempFile(directory, "philotes-", ".spool"));
    }

    private static boolean deleted(Path path) {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException openFilesCannotBeDeletedHere) {
            return false;
        }
    }

    /** Why something failed: BUFFER_FULL or BUFFER_FAILED. */
    static PhilotesException failure(Path directory, IOException e) {
        Path where = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
        boolean full = e instanceof NoRoom
                || (Files.isDirectory(where) && where.toFile().getUsableSpace() < LEAST_FREE_BYTES);
        return new PhilotesException(
                full ? ErrorCode.BUFFER_FULL : ErrorCode.BUFFER_FAILED,
                "Cannot spool a transaction that is still open: " + e + ", path=" + where,
                e);
    }

    void append(byte[] bytes, int length) throws IOException {
        requireRoom(start(blocks) + length);
        file.seek(start(blocks));
        file.write(bytes, 0, length);
        if (blocks == ends.length) {
            ends = Arrays.copyOf(ends, blocks * 2);
            crcs = Arrays.copyOf(crcs, blocks * 2);
        }
        ends[blocks] = start(blocks) + length;
        crcs[blocks] = crc(bytes, length);
        blocks++;
    }

    /** When it has committed all of it goes into a buffer, maybe on the same disk, before this file is given back. */
    private void requireRoom(long spooled) throws IOException {
        if (spooled >= nextLook) {
            nextLook = spooled + BYTES_BETWEEN_LOOKS;
            long free = path.toAbsolutePath().getParent().toFile().getUsableSpace();
            if (free < spooled + RESERVE_BYTES) {
                throw new NoRoom("it has " + spooled + " bytes, and only " + free + " are free to pass it on");
            }
        }
    }

    private int crc(byte[] bytes, int length) {
        crc.reset();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private long start(int block) {
        return block == 0 ? 0 : ends[block - 1];
    }

    int blocks() {
        return blocks;
    }

    int length(int block) {
        return (int) (ends[block] - start(block));
    }

    /** A block, in {@code reuse} if it fits in. */
    byte[] read(int block, byte[] reuse) throws IOException {
        int length = length(block);
        byte[] bytes = reuse.length < length || reuse.length > 2 * Spool.BLOCK_BYTES
                ? new byte[Math.max(length, Spool.BLOCK_BYTES)]
                : reuse;
        file.seek(start(block));
        file.readFully(bytes, 0, length);
        if (crc(bytes, length) != crcs[block]) {
            throw new IOException("block " + block + " is damaged, file=" + path);
        }
        return bytes;
    }

    @Override
    public void close() {
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
