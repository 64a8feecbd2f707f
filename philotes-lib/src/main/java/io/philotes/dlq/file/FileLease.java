// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to work on a file, for one thread of one process at a time. A file lock belongs to the whole process, and on
 * POSIX closing any channel of the file gives it up: so threads of this process wait for each other first.
 */
final class FileLease implements Closeable {

    /** An operation takes milliseconds, unless the disk hangs. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final ReentrantLock mutex;
    private final RandomAccessFile file;
    private final boolean wasInterrupted;

    private FileLease(ReentrantLock mutex, RandomAccessFile file, boolean wasInterrupted) {
        this.mutex = mutex;
        this.file = file;
        this.wasInterrupted = wasInterrupted;
    }

    /** @param path absolute, so that all users of the file name the same mutex */
    static FileLease take(Path path) throws IOException {
        ReentrantLock mutex = IN_THIS_PROCESS.computeIfAbsent(path, p -> new ReentrantLock());
        enter(mutex, path);
        RandomAccessFile file = null;
        try {
            file = new RandomAccessFile(path.toFile(), "rw");
            await(file, path);
            // What follows must not be cut off in the middle; close() gives the interrupt back.
            return new FileLease(mutex, file, Thread.interrupted());
        } catch (IOException | RuntimeException e) {
            if (file != null) {
                file.close();
            }
            mutex.unlock();
            throw e;
        }
    }

    private static void enter(ReentrantLock mutex, Path path) {
        try {
            if (!mutex.tryLock() && !mutex.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw tooLong(path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(path);
        }
    }

    private static void await(RandomAccessFile file, Path path) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!locked(file)) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(path);
            }
            if (System.nanoTime() - deadline > 0) {
                throw tooLong(path);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean locked(RandomAccessFile file) throws IOException {
        FileLock lock = file.getChannel().tryLock();
        return lock != null;
    }

    private static PhilotesException tooLong(Path path) {
        return new PhilotesException(
                ErrorCode.DEAD_LETTERS_FAILED,
                "Cannot use the dead letters: another process has held their lock for " + PATIENCE.toSeconds()
                        + " s, file=" + path);
    }

    private static PhilotesException interrupted(Path path) {
        return new PhilotesException(
                ErrorCode.INTERRUPTED, "Cannot use the dead letters: interrupted while another works, file=" + path);
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            mutex.unlock();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
