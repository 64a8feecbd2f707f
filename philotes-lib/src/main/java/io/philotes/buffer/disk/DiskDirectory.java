// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.file.internal.Directories;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A directory of a local file system. It may be reached through a symbolic link, which counts once, at {@link #lock}; a file in
 * it that is one is refused, for its content would stand where nobody forces it.
 */
final class DiskDirectory implements BufferDirectory {

    private static final String LOCK = "lock";

    /**
     * The directories that buffers of this JVM own. A file lock belongs to the whole process, and on POSIX closing any
     * channel of the file gives it up: so a second buffer must not even try.
     */
    private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

    private final Path configured;
    private Path path;
    private FileStore store;
    private boolean owned;
    private FileChannel lockChannel;

    DiskDirectory(Path path) {
        this.configured = path;
        this.path = path;
    }

    @Override
    public void lock() throws IOException {
        create(configured.toAbsolutePath());
        path = configured.toRealPath();
        store = Files.getFileStore(path);
        if (!OWNED.add(path)) {
            throw inUse();
        }
        owned = true;
        boolean locked = false;
        try {
            lockChannel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lockChannel.tryLock();
            locked = lock != null;
        } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
            throw new IOException("the directory cannot be written to (" + e + ")", e);
        } finally {
            if (!locked) {
                unlock();
            }
        }
        if (!locked) {
            throw inUse();
        }
    }

    /** A directory that is not there after a power cut takes everything with it, so each new name is forced too. */
    private static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        create(directory.getParent());
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw new IOException("its path is not a directory, path=" + directory, e);
            }
        }
        Directories.force(directory.getParent());
    }

    private PhilotesException inUse() {
        return new PhilotesException(
                ErrorCode.BUFFER_IN_USE, "Cannot open the buffer: another one owns the directory, path=" + path);
    }

    @Override
    public void unlock() {
        if (!owned) {
            return;
        }
        try {
            if (lockChannel != null) {
                lockChannel.close();
            }
        } catch (IOException theProcessEndGivesItUp) {
            // Nothing was written through it.
        }
        OWNED.remove(path);
        owned = false;
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public BufferFile open(String name) throws IOException {
        return new DiskFile(new RandomAccessFile(plain(name).toFile(), "rw"));
    }

    @Override
    public BufferFile openForReading(String name) throws IOException {
        Path file = plain(name);
        try {
            return new DiskFile(new RandomAccessFile(file.toFile(), "r"));
        } catch (IOException e) {
            if (Files.notExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            throw e;
        }
    }

    private Path plain(String name) throws IOException {
        Path file = path.resolve(name);
        if (Files.isSymbolicLink(file)) {
            throw new IOException("a file of the buffer is a symbolic link, file=" + file);
        }
        return file;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    @Override
    public void force() throws IOException {
        Directories.force(path);
    }

    @Override
    public boolean isFull(IOException failure, long needed) {
        // The system's message may be in any language, so the space itself is asked for too.
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space")
                || freeBytes() < needed;
    }

    @Override
    public long freeBytes() {
        try {
            return store == null ? Long.MAX_VALUE : store.getUsableSpace();
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public long totalBytes() {
        try {
            return store == null ? Long.MAX_VALUE : store.getTotalSpace();
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public Optional<String> whyNotWritable() {
        return Directories.whyNotWritable(configured);
    }

    @Override
    public String describe(String name) {
        return path.resolve(name).toString();
    }
}
