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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A buffer on the heap, bounded in bytes. It survives nothing: the replication slot is the durable store, so PostgreSQL is
 * told only of what was trimmed ({@link #durableUpTo()} is {@link #trimmedUpTo()}) and keeps its WAL until then.
 *
 * <p>When it is full, {@link #append} waits; only an empty buffer takes a batch that is larger than the limit. A transaction
 * that comes in parts goes to a temporary file as it comes, and is read back part by part once it is whole, or large; it counts as held,
 * but is never refused once it has begun, as nothing of it could be read and trimmed before its end.
 *
 * <p>Thread-safe as the contract says. A temporary file that fails finishes the buffer with BUFFER_FAILED.
 */
public final class MemoryBuffer implements ChangeBuffer {

    /** Some seconds of a busy source; it fits a JVM of 256 MB beside the key index and the Parquet writers. */
    public static final long DEFAULT_LIMIT_BYTES = 64L << 20;

    private final long limitBytes;
    private final Spilling spilling;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final NavigableMap<Lsn, HeldTransactions> held = new TreeMap<>();
    private Lsn appendedUpTo = Lsn.ZERO;
    private Lsn trimmedUpTo = Lsn.ZERO;
    private long heldBytes;
    private boolean closed;

    MemoryBuffer(long limitBytes, Path spillDirectory, long aheadBytes) {
        if (limitBytes < 1) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot build a memory buffer: its limit must be positive, bytes=" + limitBytes);
        }
        this.limitBytes = limitBytes;
        this.spilling = new Spilling(spillDirectory, aheadBytes);
    }

    /** A buffer that waits at {@code bytes}; large transactions go to the system's temporary directory. */
    public static MemoryBuffer bounded(long bytes) {
        return new MemoryBuffer(bytes, null, PartsAhead.BYTES);
    }

    /** A buffer that waits at {@code bytes}; large transactions go to {@code spillDirectory}, which exists. */
    public static MemoryBuffer bounded(long bytes, Path spillDirectory) {
        return new MemoryBuffer(bytes, spillDirectory, PartsAhead.BYTES);
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
            if (!closed && BatchOrder.saysNothingNew(batch, appendedUpTo)) {
                return true;
            }
            while (!closed) {
                if (hasRoomFor(batch) && take(batch)) {
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

    private boolean hasRoomFor(ChangeBatch batch) {
        return spilling.isOpen() || heldBytes == 0 || heldBytes + HeldBatch.cost(batch) <= limitBytes;
    }

    private boolean take(ChangeBatch batch) {
        spilling.requireUsable();
        BatchOrder.requireNext(batch, spilling.isOpen(), appendedUpTo);
        if (spilling.isOpen() || !batch.endsOnBoundary()) {
            if (!spill(batch)) {
                return false;
            }
        } else {
            hold(batch.endLsn(), new HeldBatch(batch));
            heldBytes += HeldBatch.cost(batch);
        }
        changed.signalAll();
        return true;
    }

    /** False when the disk is full. */
    private boolean spill(ChangeBatch part) {
        if (!spilling.add(part)) {
            return false;
        }
        heldBytes += part.length();
        if (part.endsOnBoundary()) {
            hold(part.endLsn(), spilling.take());
        }
        return true;
    }

    private void hold(Lsn endLsn, HeldTransactions transactions) {
        if (!held.isEmpty() && isProgress(held.lastEntry().getValue()) && isProgress(transactions)) {
            held.pollLastEntry();
        }
        held.put(endLsn, transactions);
        appendedUpTo = endLsn;
    }

    private static boolean isProgress(HeldTransactions transactions) {
        return transactions instanceof HeldBatch one && one.batch().isEmpty();
    }

    @Override
    public void discardIncomplete() {
        lock.lock();
        try {
            heldBytes -= spilling.discard();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void startAt(Lsn position) {
        lock.lock();
        try {
            BatchOrder.requireStart(position, held.isEmpty() && !spilling.isOpen(), appendedUpTo);
            appendedUpTo = position;
            trimmedUpTo = position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset() {
        lock.lock();
        try {
            discardIncomplete();
            held.values().forEach(HeldTransactions::release);
            held.clear();
            heldBytes = 0;
            appendedUpTo = Lsn.ZERO;
            trimmedUpTo = Lsn.ZERO;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Lsn appendedUpTo() {
        lock.lock();
        try {
            return appendedUpTo;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Lsn durableUpTo() {
        return trimmedUpTo();
    }

    @Override
    public Lsn trimmedUpTo() {
        lock.lock();
        try {
            return trimmedUpTo;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public BufferReader reader(String reader, Lsn after) {
        lock.lock();
        try {
            if (after.isBefore(trimmedUpTo)) {
                throw BatchOrder.trimmed(reader, after, trimmedUpTo);
            }
            return new MemoryReader(this, reader, after);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what comes behind a reader's place; null when nothing came in time. */
    NextTransactions awaitNext(MemoryReader.Place place, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (!closed) {
                if (place.after().isBefore(trimmedUpTo)) {
                    throw BatchOrder.trimmed(place.reader(), place.after(), trimmedUpTo);
                }
                NextTransactions next = NextTransactions.behind(place, held, comingFor(place));
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

    /** A reader that begins behind the end waits for its place: nobody knows where what comes ends. */
    private SpilledTransaction comingFor(MemoryReader.Place place) {
        return place.after().isAfter(appendedUpTo) ? null : spilling.ahead();
    }

    /** Whether it comes in and was not taken back. */
    boolean isComing(HeldTransactions transactions) {
        lock.lock();
        try {
            return spilling.ahead() == transactions;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void trim(Lsn upTo) {
        lock.lock();
        try {
            Lsn target = Lsn.min(upTo, appendedUpTo);
            if (!target.isAfter(trimmedUpTo)) {
                return;
            }
            trimmedUpTo = target;
            NavigableMap<Lsn, HeldTransactions> gone = held.headMap(target, true);
            for (HeldTransactions transactions : gone.values()) {
                heldBytes -= transactions.bytes();
                transactions.release();
            }
            gone.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<PhilotesException> trouble() {
        return spilling.trouble();
    }

    @Override
    public long heldBytes() {
        lock.lock();
        try {
            return heldBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long limitBytes() {
        return limitBytes;
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
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
            discardIncomplete();
            held.values().forEach(HeldTransactions::release);
            held.clear();
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
