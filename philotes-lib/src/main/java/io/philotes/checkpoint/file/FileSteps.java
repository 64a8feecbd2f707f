// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** The single steps of {@link AtomicFile}: the seam through which tests script faults. Stateless. */
class FileSteps {

    private static final boolean FORCES_DIRECTORIES =
            !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

    void createDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /** Writes a file that is new or replaced as a whole, and forces it. */
    void write(Path file, byte[] content) throws IOException {
        // A stream and not a channel: an interrupt would close the channel between the write and the rename.
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(content);
            out.getFD().sync();
        }
    }

    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    void forceDirectory(Path directory) throws IOException {
        // An interrupt closes the channel; it is put off until the directory is forced.
        boolean interrupted = Thread.interrupted();
        try {
            while (FORCES_DIRECTORIES && !forced(directory)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean forced(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException e) {
            return false;
        }
    }
}
