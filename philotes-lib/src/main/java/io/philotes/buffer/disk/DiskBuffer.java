// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.internal.BatchOrder;
import io.philotes.buffer.internal.Changes;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.StorePlace;
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
    private final OwnedLog owned;
    private final Changes changes = new Changes();
    private final ReentrantLock lock = new ReentrantLock();

    private final Marks marks = new Marks();
    private volatile boolean closed;

    DiskBuffer(BufferDirectory directory, LogLimits limits) {
        this.directory = directory;
        this.limits = limits;
        this.owned = new OwnedLog(directory, limits);
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
        change(() -> {
            if (closed) {
                throw new PhilotesException(ErrorCode.DEFECT, "Cannot open the buffer: it was closed before");
            }
            owned.open(pipeline);
        });
    }

    /** No database; but whoever asks wants to know that it can be written. */
    @Override
    public Optional<StorePlace> place() {
        directory.whyNotWritable().ifPresent(why -> {
            throw Failures.unwritable(directory, why);
        });
        return Optional.empty();
    }

    /** Under the lock, and known to readers afterwards. */
    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            publish();
        } finally {
            lock.unlock();
        }
    }

    private void publish() {
        marks.publish(owned.log());
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
            boolean in = owned.append(batch);
            if (in) {
                publish();
            }
            return in;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void discardIncomplete() {
        change(() -> {
            if (owned.mayTakeBack()) {
                marks.withdraw();
            }
            owned.discardIncomplete(marks.whole(), marks.trimmedUpTo());
        });
    }

    @Override
    public void startAt(Lsn position) {
        change(() -> owned.startAt(position));
    }

    @Override
    public void reset() {
        change(owned::reset);
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
            SegmentLog log = owned.log();
            if (after.isBefore(marks.trimmedUpTo())) {
                throw BatchOrder.trimmed(reader, after, marks.trimmedUpTo());
            }
            return new DiskReader(this, reader, after, log.firstSegmentFor(after));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void trim(Lsn upTo) {
        lock.lock();
        try {
            boolean trimmed =
                    !closed && upTo.isAfter(marks.trimmedUpTo()) && owned.trim(upTo, () -> marks.trimmed(owned.log()));
            if (trimmed) {
                publish();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<PhilotesException> trouble() {
        return owned.trouble();
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
            return owned.log().firstSegmentFor(after);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                owned.close();
            }
        } finally {
            lock.unlock();
            changes.raise();
        }
    }
}
