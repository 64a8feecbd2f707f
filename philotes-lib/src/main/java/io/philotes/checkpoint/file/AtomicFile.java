// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Replaces and removes whole files so that a crash leaves the old state or the new one. Stateless. */
final class AtomicFile {

    private static final boolean FORCES_DIRECTORIES =
            !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

    private AtomicFile() {}

    static void replace(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        // A stream and not a channel: an interrupt would close the channel between the write and the rename.
        try (FileOutputStream out = new FileOutputStream(beside.toFile())) {
            out.write(content);
            out.getFD().sync();
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(file.getParent());
    }

    static void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            forceDirectory(file.getParent());
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
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
