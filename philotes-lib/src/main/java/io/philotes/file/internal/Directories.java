// SPDX-License-Identifier: Apache-2.0
package io.philotes.file.internal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/** Looks whether a directory can be written, and makes what was created, renamed or removed in it durable. Stateless. */
public final class Directories {

    private static final boolean OPENS_DIRECTORIES =
            !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

    private Directories() {}

    /**
     * Forces a directory's entries to disk, whether or not the thread is interrupted: only a channel can do it, and an
     * interrupt closes channels. The interrupt stays for the caller. Does nothing on Windows, which opens no directory.
     */
    public static void force(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (OPENS_DIRECTORIES && !forced(directory)) {
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

    /** Why files can be kept neither in the directory nor in one that would be made there; empty when they can. Creates nothing. */
    public static Optional<String> whyNotWritable(Path directory) {
        Path nearest = directory.toAbsolutePath();
        while (!Files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        if (!Files.isDirectory(nearest)) {
            return Optional.of(nearest + " is not a directory");
        }
        return Files.isWritable(nearest)
                ? Optional.empty()
                : Optional.of("this process may not write to the directory " + nearest);
    }
}
