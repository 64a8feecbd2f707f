// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.internal.BatchOrder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.jdbc.StateDatabase;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.StorePlace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * A buffer in tables of a PostgreSQL database, one or several for each pipeline, so that any number share it. What
 * {@link #append} took is committed with {@code synchronous_commit} at least {@code on} when it returns, so
 * {@link #durableUpTo()} is {@link #appendedUpTo()}. Readers hold a few megabytes, nothing else is held in memory.
 *
 * <p>A pipeline's tables belong to one buffer of one process, by a session's advisory lock and by an epoch that each append
 * requires: a process that lost the lock, even one that was stopped meanwhile, cannot append. {@link #trim} drops whole tables,
 * from time to time and in short transactions; what it cannot drop because somebody reads it counts as held until it can.
 *
 * <p>When the limit, or the database's disk, is full, {@link #append} waits and then answers false. When the database cannot be
 * reached, or the answer to a commit was lost, it throws STATE_UNREACHABLE, and {@link #discardIncomplete} connects again and
 * finds out what is there; until it could, nothing is appended and every mark stays.
 *
 * <p>The {@link DataSource} gives connections of the PostgreSQL driver; this buffer keeps one for itself and one for each reader,
 * and takes another for a moment now and then. Thread-safe as the contract says.
 */
public final class PostgresBuffer implements ChangeBuffer {

    public static final String DEFAULT_SCHEMA = StateDatabase.DEFAULT_SCHEMA;

    /** Some hours of a busy source, and little for a database server; the WAL at the source takes over behind it. */
    public static final long DEFAULT_LIMIT_BYTES = 10L << 30;

    /** Room is freed by tables, and the last one is looked at with each start. */
    public static final long DEFAULT_SEGMENT_BYTES = 64L << 20;

    /** Most batches are one row. A row is in memory as a whole at both ends. */
    static final int DEFAULT_CHUNK_BYTES = 1 << 20;

    private static final long CLOSE_PATIENCE_MILLIS = 2_000;

    private final StateDatabase database;
    private final Initialize initialize;
    private final BufferLimits limits;
    private final BufferSql sql;
    private final Changes changes = new Changes();
    private final SharedContents contents;

    /** Held while the tables are written to. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock trimming = new ReentrantLock();
    private final Retirement retirement;

    private volatile TableWriter writer;

    private volatile boolean closed;

    PostgresBuffer(StateDatabase database, Initialize initialize, BufferLimits limits) {
        this.database = database;
        this.initialize = initialize;
        this.limits = limits;
        this.sql = new BufferSql(database);
        this.contents = new SharedContents(limits, changes);
        this.retirement = new Retirement(database, sql);
    }

    /** A buffer with default sizes in schema {@value #DEFAULT_SCHEMA}, which it creates. */
    public static PostgresBuffer of(DataSource source) {
        return builder(source).build();
    }

    /** Begins to build a buffer. */
    public static PostgresBufferBuilder builder(DataSource source) {
        return new PostgresBufferBuilder(source);
    }

    /**
     * {@inheritDoc}
     *
     * @throws PhilotesException BUFFER_IN_USE, BUFFER_CORRUPT, FORMAT_TOO_NEW, STATE_UNREACHABLE, STATE_REFUSED,
     *     STATE_NOT_PREPARED or BUFFER_FAILED
     */
    @Override
    public void open(String pipeline) {
        writing.lock();
        try {
            if (writer != null || closed) {
                throw new PhilotesException(ErrorCode.DEFECT, "Cannot open the buffer: it was opened before");
            }
            database.prepare(initialize);
            TableWriter opened = new TableWriter(database, sql, limits, pipeline);
            contents.found(opened.take(Lsn.ZERO), Lsn.ZERO);
            writer = opened;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public Optional<StorePlace> place() {
        return Optional.of(database.place());
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
        writing.lockInterruptibly();
        try {
            if (closed) {
                return false;
            }
            requireUsable();
            if (BatchOrder.saysNothingNew(batch, appendedUpTo())) {
                return true;
            }
            BatchOrder.requireNext(batch, contents.look(Contents::isInsideTransaction), appendedUpTo());
            return new Appending(writer, contents, limits).append(batch);
        } catch (PhilotesException e) {
            if (closed) {
                return false;
            }
            throw e;
        } finally {
            writing.unlock();
        }
    }

    private void requireUsable() {
        if (writer == null) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot use the buffer: it is not open");
        }
        writer.requireUsable();
    }

    /**
     * {@inheritDoc}
     *
     * @throws PhilotesException STATE_UNREACHABLE when the database still cannot be reached; BUFFER_IN_USE or FENCED when
     *     another process took the buffer meanwhile; BUFFER_CORRUPT when the database lost what it had committed
     */
    @Override
    public void discardIncomplete() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            if (writer != null && writer.mayTakeAgain()) {
                takeAgain();
                return;
            }
            requireUsable();
            if (contents.look(Contents::isInsideTransaction)) {
                writer.cut(contents.look(Contents::newest).firstSeq(), contents.look(Contents::lastSeq));
                contents.change(Contents::cut);
            }
        } finally {
            writing.unlock();
        }
    }

    private void takeAgain() {
        trimming.lock();
        try {
            contents.found(writer.take(appendedUpTo()), trimmedUpTo());
        } finally {
            trimming.unlock();
        }
    }

    @Override
    public void startAt(Lsn position) {
        writing.lock();
        try {
            requireUsable();
            BatchOrder.requireStart(position, contents.look(Contents::isEmpty), appendedUpTo());
            writer.startAt(position);
            contents.change(c -> c.startedAt(position));
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void reset() {
        writing.lock();
        trimming.lock();
        try {
            requireUsable();
            // First, so that a lost answer leaves no mark above what is there.
            contents.found(new StoredState(Lsn.ZERO, Lsn.ZERO, contents.look(Contents::lastSeq), List.of()), Lsn.ZERO);
            writer.reset();
        } finally {
            trimming.unlock();
            writing.unlock();
        }
    }

    @Override
    public Lsn appendedUpTo() {
        return contents.readable().upTo();
    }

    @Override
    public Lsn durableUpTo() {
        return appendedUpTo();
    }

    @Override
    public Lsn trimmedUpTo() {
        return contents.trimmedUpTo();
    }

    @Override
    public BufferReader reader(String reader, Lsn after) {
        if (writer == null) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot read the buffer: it is not open");
        }
        if (after.isBefore(trimmedUpTo())) {
            throw BatchOrder.trimmed(reader, after, trimmedUpTo());
        }
        int id = writer.ownership().buffer();
        return new PostgresReader(this, reader, after, new RowReader(database, sql, id, reader));
    }

    @Override
    public void trim(Lsn upTo) {
        trimming.lock();
        try {
            if (closed || writer == null) {
                return;
            }
            if (upTo.isAfter(trimmedUpTo())) {
                contents.change(c -> c.trim(upTo));
            }
            dropRetired();
        } finally {
            trimming.unlock();
        }
    }

    private void dropRetired() {
        for (Contents.Retired segment : contents.look(Contents::retired)) {
            if (!retirement.drop(writer.ownership(), segment)) {
                return;
            }
            contents.change(c -> c.dropped(segment));
        }
    }

    @Override
    public long heldBytes() {
        return contents.heldBytes();
    }

    @Override
    public long limitBytes() {
        return limits.limitBytes();
    }

    Changes changes() {
        return changes;
    }

    Readable readable() {
        return contents.readable();
    }

    boolean isClosed() {
        return closed;
    }

    Optional<Segment> holding(long seq) {
        return contents.look(c -> c.holding(seq));
    }

    Optional<Segment> firstBehind(Lsn after) {
        return contents.look(c -> c.firstBehind(after));
    }

    @Override
    public void close() {
        closed = true;
        changes.raise();
        TableWriter open = writer;
        if (open != null) {
            open.close(writing, Duration.ofMillis(CLOSE_PATIENCE_MILLIS));
        }
    }
}
