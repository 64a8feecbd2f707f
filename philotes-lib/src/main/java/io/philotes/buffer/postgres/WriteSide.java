// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.internal.BatchOrder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.jdbc.StateDatabase;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Everything that writes to a buffer's tables but the dropping: one at a time, in the thread that calls. Thread-safe. Rows that are
 * cut off leave their numbers to others, so whatever cuts also forgets what is in memory.
 */
final class WriteSide {

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final StateDatabase database;
    private final Initialize initialize;
    private final BufferSql sql;
    private final BufferLimits limits;
    private final Held held;
    private final SharedContents contents;
    private final TrimSide trims;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile TableWriter writer;
    private volatile boolean closed;

    WriteSide(
            StateDatabase database,
            Initialize initialize,
            BufferSql sql,
            BufferLimits limits,
            Held held,
            TrimSide trims) {
        this.database = database;
        this.initialize = initialize;
        this.sql = sql;
        this.limits = limits;
        this.held = held;
        this.contents = held.contents();
        this.trims = trims;
    }

    void open(String pipeline) {
        lock.lock();
        try {
            if (writer != null || closed) {
                throw new PhilotesException(ErrorCode.DEFECT, "Cannot open the buffer: it was opened before");
            }
            database.prepare(initialize);
            TableWriter opened = new TableWriter(database, sql, limits, pipeline);
            contents.found(opened.take(Lsn.ZERO), Lsn.ZERO);
            writer = opened;
        } finally {
            lock.unlock();
        }
    }

    /** What is owned, or was when a session broke; empty before the buffer is open. */
    Optional<Ownership> ownership() {
        return Optional.ofNullable(writer).map(TableWriter::ownership);
    }

    /** Whether the batch is in; false when there is no room now, and once it is closed. */
    boolean append(ChangeBatch batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                return false;
            }
            requireUsable();
            if (BatchOrder.saysNothingNew(batch, appendedUpTo())) {
                return true;
            }
            BatchOrder.requireNext(batch, contents.look(Contents::isInsideTransaction), appendedUpTo());
            return new Appending(writer, limits, held).append(batch);
        } catch (PhilotesException e) {
            if (closed) {
                return false;
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private Lsn appendedUpTo() {
        return contents.readable().upTo();
    }

    private void requireUsable() {
        if (writer == null) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot use the buffer: it is not open");
        }
        writer.requireUsable();
    }

    void discardIncomplete() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (writer != null && writer.mayTakeAgain()) {
                held.recent().clear();
                trims.holdOff(() -> contents.found(writer.take(appendedUpTo()), contents.trimmedUpTo()));
                return;
            }
            requireUsable();
            if (contents.look(Contents::isInsideTransaction)) {
                held.recent().clear();
                writer.cut(contents.look(Contents::newest).firstSeq(), contents.look(Contents::lastSeq));
                contents.change(Contents::cut);
            }
        } finally {
            lock.unlock();
        }
    }

    void requireOwned() {
        lock.lock();
        try {
            if (!closed) {
                requireUsable();
                writer.requireOwned();
            }
        } finally {
            lock.unlock();
        }
    }

    void startAt(Lsn position) {
        lock.lock();
        try {
            requireUsable();
            BatchOrder.requireStart(position, contents.look(Contents::isEmpty), appendedUpTo());
            writer.startAt(position);
            contents.change(c -> c.startedAt(position));
        } finally {
            lock.unlock();
        }
    }

    void reset() {
        lock.lock();
        try {
            requireUsable();
            held.recent().clear();
            trims.holdOff(() -> {
                // First, so that a lost answer leaves no mark above what is there.
                contents.found(
                        new StoredState(Lsn.ZERO, Lsn.ZERO, contents.look(Contents::lastSeq), List.of(), false),
                        Lsn.ZERO);
                writer.reset();
            });
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        TableWriter open = writer;
        if (open != null) {
            open.close(lock, CLOSE_PATIENCE);
        }
        held.encoding().close();
        held.recent().clear();
    }
}
