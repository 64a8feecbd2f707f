// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes memory of temporary files, which are gone with the process at the latest. Thread-safe. */
final class SpillFiles {

    private static final int ZEROS = 64 << 10;

    private final Path directory;

    SpillFiles(Path directory) {
        this.directory = directory;
    }

    ByteBuffer map(int bytes) throws IOException {
        return CollectedRoom.map(this::mapNew, bytes);
    }

    private ByteBuffer mapNew(int bytes) throws IOException {
        Files.createDirectories(directory);
        Path file = Files.createTempFile(directory, "index-", ".spill");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fill(channel, bytes);
            return channel.map(MapMode.READ_WRITE, 0, bytes);
        } finally {
            remove(file);
        }
    }

    /** Takes the room on the disk now: a full disk is an error here, and would kill the process at a write to a mapped hole. */
    private static void fill(FileChannel channel, int bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(Math.min(bytes, ZEROS));
        for (long at = 0; at < bytes; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
            at += channel.write(zeros, at);
        }
    }

    /** The mapping holds the file where a name is only a name. */
    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
