// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A directory of a local file system. */
final class DiskDirectory implements BufferDirectory {

    private static final String LOCK = "lock";

    private static final boolean FORCES_DIRECTORIES =
            !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

    /**
     * The directories that buffers of this JVM own. A file lock belongs to the whole process, and on POSIX closing any
     * channel of the file gives it up: so a second buffer must not even try.
     */
    private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

    private final Path path;
    private Path owned;
    private FileChannel lockChannel;

    DiskDirectory(Path path) {
        this.path = path;
    }

    @Override
    public void lock() throws IOException {
        Files.createDirectories(path);
        Path real = path.toRealPath();
        if (!OWNED.add(real)) {
            throw inUse();
        }
        owned = real;
        boolean locked = false;
        try {
            lockChannel = FileChannel.open(real.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lockChannel.tryLock();
            locked = lock != null;
        } finally {
            if (!locked) {
                unlock();
            }
        }
        if (!locked) {
            throw inUse();
        }
    }

    private PhilotesException inUse() {
        return new PhilotesException(
                ErrorCode.BUFFER_IN_USE, "Cannot open the buffer: another one owns the directory, path=" + path);
    }

    @Override
    public void unlock() {
        if (owned == null) {
            return;
        }
        try {
            if (lockChannel != null) {
                lockChannel.close();
            }
        } catch (IOException theProcessEndGivesItUp) {
            // Nothing was written through it.
        }
        OWNED.remove(owned);
        owned = null;
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public BufferFile open(String name) throws IOException {
        return new DiskFile(new RandomAccessFile(path.resolve(name).toFile(), "rw"));
    }

    @Override
    public BufferFile openForReading(String name) throws IOException {
        Path file = path.resolve(name);
        try {
            return new DiskFile(new RandomAccessFile(file.toFile(), "r"));
        } catch (IOException e) {
            if (Files.notExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            throw e;
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    @Override
    public void force() throws IOException {
        // An interrupt closes the channel; it is put off until the directory is forced.
        boolean interrupted = Thread.interrupted();
        try {
            while (FORCES_DIRECTORIES && !forced()) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean forced() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException e) {
            return false;
        }
    }

    @Override
    public boolean isFull(IOException failure, long needed) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space")
                || usableSpace() < needed;
    }

    /** The system's message may be in any language, so the space itself is asked for too. */
    private long usableSpace() {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public String describe(String name) {
        return path.resolve(name).toString();
    }
}
