// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.buffer.internal.BatchOrder;
import io.philotes.buffer.internal.PartsAhead;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A buffer on the heap, bounded in bytes. It survives nothing: the replication slot is the durable store, so PostgreSQL is
 * told only of what was trimmed ({@link #durableUpTo()} is {@link #trimmedUpTo()}) and keeps its WAL until then.
 *
 * <p>When it is full, {@link #append} waits; only an empty buffer takes a batch that is larger than the limit. A transaction
 * that comes in parts goes to a temporary file, unless it is small, and is read back part by part once it is whole, or large; it counts as
 * held, but is never refused once it has begun, as nothing of it could be read and trimmed before its end.
 *
 * <p>Thread-safe as the contract says. A temporary file that fails finishes the buffer with BUFFER_FAILED.
 */
public final class MemoryBuffer implements ChangeBuffer {

    /** Some seconds of a busy source; it fits a JVM of 256 MB beside the key index and the Parquet writers. */
    public static final long DEFAULT_LIMIT_BYTES = 64L << 20;

    /** A transaction in parts goes to a file once it is as large as this part of the limit; it is taken beyond the limit. */
    private static final int KEPT_PART_OF_LIMIT = 16;

    private final long limitBytes;
    private final HeldChanges held;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    MemoryBuffer(long limitBytes, Spilling spilling) {
        if (limitBytes < 1) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot build a memory buffer: its limit must be positive, bytes=" + limitBytes);
        }
        this.limitBytes = limitBytes;
        this.held = new HeldChanges(limitBytes, spilling);
    }

    /** A buffer that waits at {@code bytes}; large transactions go to the system's temporary directory. */
    public static MemoryBuffer bounded(long bytes) {
        return bounded(bytes, null);
    }

    /** A buffer that waits at {@code bytes}; large transactions go to {@code spillDirectory}, which exists. */
    public static MemoryBuffer bounded(long bytes, Path spillDirectory) {
        return new MemoryBuffer(bytes, new Spilling(spillDirectory, PartsAhead.BYTES, bytes / KEPT_PART_OF_LIMIT));
    }

    @Override
    public void open(String pipeline) {
        // Nothing is left by an earlier run, and nobody shares the heap.
    }

    @Override
    public boolean survivesRestart() {
        return false;
    }

    @Override
    public boolean append(ChangeBatch batch, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            if (!closed && BatchOrder.saysNothingNew(batch, held.appendedUpTo())) {
                return true;
            }
            while (!closed) {
                if (held.append(batch)) {
                    changed.signalAll();
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void discardIncomplete() {
        change(held::discardIncomplete);
    }

    /** Under the lock, and for those who wait to look again. */
    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> T look(Supplier<T> at) {
        lock.lock();
        try {
            return at.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void startAt(Lsn position) {
        change(() -> held.startAt(position));
    }

    @Override
    public void reset() {
        change(held::reset);
    }

    @Override
    public Lsn appendedUpTo() {
        return look(held::appendedUpTo);
    }

    @Override
    public Lsn durableUpTo() {
        return trimmedUpTo();
    }

    @Override
    public Lsn trimmedUpTo() {
        return look(held::trimmedUpTo);
    }

    @Override
    public BufferReader reader(String reader, Lsn after) {
        return look(() -> {
            requireNotTrimmed(reader, after);
            return new MemoryReader(this, reader, after);
        });
    }

    private void requireNotTrimmed(String reader, Lsn after) {
        if (after.isBefore(held.trimmedUpTo())) {
            throw BatchOrder.trimmed(reader, after, held.trimmedUpTo());
        }
    }

    /** Waits for what comes behind a reader's place; null when nothing came in time. */
    NextTransactions awaitNext(MemoryReader.Place place, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (!closed) {
                requireNotTrimmed(place.reader(), place.after());
                NextTransactions next = held.behind(place);
                if (next != null) {
                    return next;
                }
                if (!changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return null;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    boolean areComing(HeldTransactions transactions) {
        return look(() -> held.areComing(transactions));
    }

    @Override
    public void trim(Lsn upTo) {
        change(() -> held.trim(upTo));
    }

    @Override
    public Optional<PhilotesException> trouble() {
        return held.trouble();
    }

    @Override
    public long heldBytes() {
        return look(held::heldBytes);
    }

    @Override
    public long limitBytes() {
        return limitBytes;
    }

    boolean isClosed() {
        return look(() -> closed);
    }

    @Override
    public void close() {
        change(() -> {
            closed = true;
            held.release();
        });
    }
}
