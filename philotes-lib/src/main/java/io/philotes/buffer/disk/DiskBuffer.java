// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.internal.BatchOrder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A buffer in the files of one local directory. What {@link #append} took is on the disk (forced) when it returns, so
 * {@link #durableUpTo()} is {@link #appendedUpTo()}. Nothing is held in memory: each reader reads the files.
 *
 * <p>The directory belongs to one buffer of one process and to one pipeline, on a local file system that keeps what was forced.
 *
 * <p>When the limit is reached or the disk is full, {@link #append} waits and then answers false; what a failed write left is
 * taken back, and it goes on when there is room. {@link #trouble} tells of a full disk.
 *
 * <p>When forcing fails, nobody knows what is on the disk: BUFFER_FAILED, nothing of that batch counts, and nothing more is
 * taken until {@link #discardIncomplete} has read the files as the next start would. Readers go on meanwhile.
 *
 * <p>A torn write at the end of the last file is cut off by {@link #open}; any other damage is BUFFER_CORRUPT, naming file and
 * offset, at the latest when it is read.
 *
 * <p>Thread-safe as the contract says; a thread that is interrupted during I/O finishes the I/O first.
 */
public final class DiskBuffer implements ChangeBuffer {

    /** Space is freed by segments, and the last one is read at each start: 64 MiB take a fraction of a second. */
    public static final long DEFAULT_SEGMENT_BYTES = 64L << 20;

    /** Some hours of a busy source (at 1 MB/s two); the WAL at the source takes over behind it. */
    public static final long DEFAULT_LIMIT_BYTES = 8L << 30;

    private final BufferDirectory directory;
    private final LogLimits limits;
    private final Changes changes = new Changes();
    private final ReentrantLock lock = new ReentrantLock();

    private final LogFiles files;
    private SegmentLog log;
    private volatile PhilotesException failure;

    private final Marks marks = new Marks();
    private volatile boolean diskFull;
    private volatile boolean closed;

    DiskBuffer(BufferDirectory directory, LogLimits limits) {
        this.directory = directory;
        this.limits = limits;
        this.files = new LogFiles(directory, limits);
    }

    /** A buffer in {@code directory} with default sizes; the directory is created when there is none. */
    public static DiskBuffer at(Path directory) {
        return builder(directory).build();
    }

    /** Begins to build a buffer in {@code directory}. */
    public static DiskBufferBuilder builder(Path directory) {
        return new DiskBufferBuilder(directory);
    }

    /**
     * {@inheritDoc}
     *
     * @throws PhilotesException BUFFER_IN_USE, BUFFER_CORRUPT, FORMAT_TOO_NEW, BUFFER_FAILED, or INVALID_CONFIGURATION when
     *     the directory holds another pipeline's batches
     */
    @Override
    public void open(String pipeline) {
        lock.lock();
        try {
            if (log != null || closed) {
                throw new PhilotesException(ErrorCode.DEFECT, "Cannot open the buffer: it was opened before");
            }
            log = files.open(pipeline);
            publish();
        } catch (IOException e) {
            throw Failures.fullOrFailed(directory, "open the buffer", e);
        } finally {
            lock.unlock();
        }
    }

    private void publish() {
        marks.publish(log);
        changes.raise();
    }

    @Override
    public boolean survivesRestart() {
        return true;
    }

    @Override
    public boolean append(ChangeBatch batch, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!closed) {
            long seen = changes.count();
            if (appendNow(batch)) {
                return true;
            }
            if (!changes.await(seen, deadline)) {
                return false;
            }
        }
        return false;
    }

    private boolean appendNow(ChangeBatch batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                return false;
            }
            requireUsable();
            if (BatchOrder.saysNothingNew(batch, log.appendedUpTo())) {
                return true;
            }
            BatchOrder.requireNext(batch, log.isInsideTransaction(), log.appendedUpTo());
            boolean in = log.append(batch);
            diskFull = log.isDiskFull();
            if (in) {
                publish();
            }
            return in;
        } catch (IOException e) {
            throw finished("append to the buffer", e);
        } finally {
            lock.unlock();
        }
    }

    private void requireUsable() {
        if (failure != null) {
            throw failure;
        }
        requireOpened();
    }

    /** Nobody knows what is durable now: nothing more goes in before it was looked up. */
    private PhilotesException finished(String verb, IOException e) {
        failure = Failures.fullOrFailed(directory, verb, e);
        return failure;
    }

    @Override
    public void discardIncomplete() {
        lock.lock();
        try {
            if (failure != null || (log != null && log.isInsideTransaction())) {
                marks.withdraw();
            }
            if (failure != null) {
                log = files.openAgain(log, marks.whole(), marks.trimmedUpTo());
                failure = null;
                diskFull = false;
            }
            requireUsable();
            log.cutIncomplete();
            publish();
        } catch (IOException e) {
            throw finished("cut off an incomplete transaction", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void startAt(Lsn position) {
        lock.lock();
        try {
            requireUsable();
            BatchOrder.requireStart(position, log.isEmpty(), log.appendedUpTo());
            if (!log.startAt(position)) {
                // Half of it may be done; the recovery does the rest.
                failure = Failures.full(directory, "let the buffer begin at " + position);
                throw failure;
            }
            publish();
        } catch (IOException e) {
            throw finished("let the buffer begin at " + position, e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset() {
        lock.lock();
        try {
            requireUsable();
            log = log.reset();
            publish();
        } catch (IOException e) {
            throw finished("let the buffer begin anew", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Lsn appendedUpTo() {
        return marks.appendedUpTo();
    }

    @Override
    public Lsn durableUpTo() {
        return marks.appendedUpTo();
    }

    @Override
    public Lsn trimmedUpTo() {
        return marks.trimmedUpTo();
    }

    @Override
    public BufferReader reader(String reader, Lsn after) {
        lock.lock();
        try {
            requireOpened();
            if (after.isBefore(marks.trimmedUpTo())) {
                throw BatchOrder.trimmed(reader, after, marks.trimmedUpTo());
            }
            return new DiskReader(this, reader, after, log.firstSegmentFor(after));
        } finally {
            lock.unlock();
        }
    }

    private void requireOpened() {
        if (log == null) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot use the buffer: it is not open");
        }
    }

    @Override
    public void trim(Lsn upTo) {
        lock.lock();
        try {
            if (closed || failure != null || log == null || !upTo.isAfter(marks.trimmedUpTo())) {
                return;
            }
            log.trim(upTo);
            marks.trimmed(log);
            log.removeTrimmed();
            publish();
        } catch (IOException e) {
            throw finished("trim the buffer", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<PhilotesException> trouble() {
        PhilotesException failed = failure;
        return failed != null || !diskFull
                ? Optional.ofNullable(failed)
                : Optional.of(Failures.full(directory, "take more changes into the buffer"));
    }

    @Override
    public long heldBytes() {
        return marks.heldBytes();
    }

    @Override
    public long limitBytes() {
        return limits.limitBytes();
    }

    BufferDirectory directory() {
        return directory;
    }

    Changes changes() {
        return changes;
    }

    Marks marks() {
        return marks;
    }

    boolean isClosed() {
        return closed;
    }

    long firstSegmentFor(Lsn after) {
        lock.lock();
        try {
            return log.firstSegmentFor(after);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (log != null) {
                if (failure == null) {
                    files.close(log);
                } else {
                    files.abandon(log);
                }
            }
        } finally {
            lock.unlock();
            changes.raise();
        }
    }
}
