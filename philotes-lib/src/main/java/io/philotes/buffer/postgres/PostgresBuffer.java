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
import java.util.function.Function;
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

    /** Held while the tables are written to; taken before {@link #lock}, and never the other way round. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock trimming = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Retirement retirement;

    private volatile TableWriter writer;
    private Contents contents;

    private volatile Readable readable = new Readable(0, Lsn.ZERO);
    private volatile Lsn trimmedUpTo = Lsn.ZERO;
    private volatile long heldBytes;
    private volatile boolean closed;

    PostgresBuffer(StateDatabase database, Initialize initialize, BufferLimits limits) {
        this.database = database;
        this.initialize = initialize;
        this.limits = limits;
        this.sql = new BufferSql(database);
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
            found(opened.take(Lsn.ZERO), Lsn.ZERO);
            writer = opened;
        } finally {
            writing.unlock();
        }
    }

    /** What a taking found becomes what this buffer knows; the marks never go back. */
    private void found(StoredState stored, Lsn trimmed) {
        lock.lock();
        try {
            contents = new Contents(limits, stored, trimmed);
            publish();
        } finally {
            lock.unlock();
        }
    }

    private void publish() {
        trimmedUpTo = contents.trimmedUpTo();
        heldBytes = contents.heldBytes();
        readable = new Readable(contents.lastSeq(), contents.appendedUpTo());
        changes.raise();
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
            BatchOrder.requireNext(batch, look(Contents::isInsideTransaction), appendedUpTo());
            return batch.isEmpty() ? progress(batch.endLsn()) : write(batch);
        } catch (PhilotesException e) {
            if (closed) {
                return false;
            }
            throw e;
        } finally {
            writing.unlock();
        }
    }

    private boolean progress(Lsn position) {
        if (!writer.progress(position)) {
            return false;
        }
        change(() -> contents.progressed(position));
        return true;
    }

    private boolean write(ChangeBatch batch) {
        EncodedBatch encoded = EncodedBatch.of(batch, limits.chunkBytes());
        if (!look(c -> c.hasRoomFor(encoded.cost())) || !hasTable()) {
            return false;
        }
        long table = look(Contents::newest).firstSeq();
        if (!writer.write(table, encoded.chunks(look(Contents::nextSeq)))) {
            return false;
        }
        change(() -> note(batch, encoded));
        return true;
    }

    /** Begins a table where the next rows need a new one; false when that cannot be now. */
    private boolean hasTable() {
        if (look(Contents::isWritable)) {
            return true;
        }
        long firstSeq = look(Contents::nextSeq);
        if (!writer.begin(look(Contents::newest), firstSeq)) {
            return false;
        }
        change(() -> contents.began(firstSeq));
        return true;
    }

    private void note(ChangeBatch batch, EncodedBatch encoded) {
        if (batch.endsOnBoundary()) {
            contents.whole(encoded.rows(), encoded.cost(), batch.endLsn());
        } else {
            contents.part(encoded.rows(), encoded.cost());
        }
    }

    private <T> T look(Function<Contents, T> at) {
        lock.lock();
        try {
            return at.apply(contents);
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            publish();
        } finally {
            lock.unlock();
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
            if (look(Contents::isInsideTransaction)) {
                writer.cut(look(Contents::newest).firstSeq(), look(Contents::lastSeq));
                change(contents::cut);
            }
        } finally {
            writing.unlock();
        }
    }

    private void takeAgain() {
        trimming.lock();
        try {
            found(writer.take(appendedUpTo()), trimmedUpTo);
        } finally {
            trimming.unlock();
        }
    }

    @Override
    public void startAt(Lsn position) {
        writing.lock();
        try {
            requireUsable();
            BatchOrder.requireStart(position, look(Contents::isEmpty), appendedUpTo());
            writer.startAt(position);
            change(() -> contents.startedAt(position));
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
            found(new StoredState(Lsn.ZERO, Lsn.ZERO, look(Contents::lastSeq), List.of()), Lsn.ZERO);
            writer.reset();
        } finally {
            trimming.unlock();
            writing.unlock();
        }
    }

    @Override
    public Lsn appendedUpTo() {
        return readable.upTo();
    }

    @Override
    public Lsn durableUpTo() {
        return appendedUpTo();
    }

    @Override
    public Lsn trimmedUpTo() {
        return trimmedUpTo;
    }

    @Override
    public BufferReader reader(String reader, Lsn after) {
        if (writer == null) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot read the buffer: it is not open");
        }
        if (after.isBefore(trimmedUpTo)) {
            throw BatchOrder.trimmed(reader, after, trimmedUpTo);
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
            if (upTo.isAfter(trimmedUpTo)) {
                change(() -> contents.trim(upTo));
            }
            dropRetired();
        } finally {
            trimming.unlock();
        }
    }

    private void dropRetired() {
        for (Contents.Retired segment : look(Contents::retired)) {
            if (!retirement.drop(writer.ownership(), segment)) {
                return;
            }
            change(() -> contents.dropped(segment));
        }
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public long limitBytes() {
        return limits.limitBytes();
    }

    Changes changes() {
        return changes;
    }

    Readable readable() {
        return readable;
    }

    boolean isClosed() {
        return closed;
    }

    Optional<Segment> holding(long seq) {
        return look(c -> c.holding(seq));
    }

    Optional<Segment> firstBehind(Lsn after) {
        return look(c -> c.firstBehind(after));
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
