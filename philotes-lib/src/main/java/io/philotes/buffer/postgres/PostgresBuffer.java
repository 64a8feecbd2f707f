// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.internal.BatchOrder;
import io.philotes.buffer.internal.Changes;
import io.philotes.buffer.internal.RecentBatches;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.jdbc.StateDatabase;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.StorePlace;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A buffer in tables of a PostgreSQL database, one or several for each pipeline, so that any number share it. What
 * {@link #append} took is committed with {@code synchronous_commit} at least {@code on} when it returns, so
 * {@link #durableUpTo()} is {@link #appendedUpTo()}. The newest 16 MiB (less in a small heap) stay in memory as well, so that a
 * reader that keeps up reads nothing back; one that does not holds a few megabytes.
 *
 * <p>A pipeline's tables belong to one buffer of one process, by a session's advisory lock and by an epoch that each append
 * requires: a process that lost the lock, even one that was stopped meanwhile, cannot append. {@link #trim} drops whole tables,
 * from time to time and in short transactions; what it cannot drop because somebody reads it counts as held until it can.
 *
 * <p>When the limit, or the database's disk, is full, {@link #append} waits and then answers false; where tables that nobody needs
 * could not be dropped, it tries one of them again, which may take a second, and {@link #trouble} tells when they are in the way.
 * When the database cannot be reached, or the answer to a commit was lost, it throws STATE_UNREACHABLE, and
 * {@link #discardIncomplete} connects again and finds out what is there; until it could, nothing is appended and every mark stays.
 *
 * <p>The {@link DataSource} gives connections of the PostgreSQL driver; this buffer keeps one for itself and one for each reader,
 * and takes another for a moment now and then. Thread-safe as the contract says.
 */
public final class PostgresBuffer implements ChangeBuffer {

    /** A schema of its own, so that rights can be given for it alone. */
    public static final String DEFAULT_SCHEMA = StateDatabase.DEFAULT_SCHEMA;

    /** Some hours of a busy source, and little for a database server; the WAL at the source takes over behind it. */
    public static final long DEFAULT_LIMIT_BYTES = 10L << 30;

    /** Room is freed by tables, and the last one is looked at with each start. */
    public static final long DEFAULT_SEGMENT_BYTES = 64L << 20;

    /** Most batches are one row. A row is in memory as a whole at both ends. */
    static final int DEFAULT_CHUNK_BYTES = 1 << 20;

    private final StateDatabase database;
    private final BufferLimits limits;
    private final BufferSql sql;
    private final Changes changes = new Changes();
    private final RecentBatches recent;
    private final SharedContents contents;
    private final WriteSide writes;
    private final TrimSide trims;

    private volatile boolean closed;
    private volatile PhilotesException inTheWay;

    PostgresBuffer(
            StateDatabase database,
            Initialize initialize,
            BufferLimits limits,
            BatchBytes encoding,
            RecentBatches recent) {
        this.recent = recent;
        this.database = database;
        this.limits = limits;
        this.sql = new BufferSql(database);
        this.contents = new SharedContents(limits, changes);
        this.trims = new TrimSide(contents, new Retirement(database, sql));
        this.writes = new WriteSide(database, initialize, sql, limits, new Held(contents, recent, encoding), trims);
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
        writes.open(pipeline);
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
        boolean taken = appended(batch, System.nanoTime() + patience.toNanos());
        inTheWay = taken ? null : trims.inTheWay().orElse(null);
        return taken;
    }

    private boolean appended(ChangeBatch batch, long deadline) throws InterruptedException {
        boolean mayMakeRoom = true;
        while (!closed) {
            long seen = changes.count();
            if (writes.append(batch)) {
                return true;
            }
            // Readers that have everything bring no commit, and so no trim, until this is in.
            mayMakeRoom = mayMakeRoom && makeRoom();
            if (!changes.await(seen, deadline)) {
                return false;
            }
        }
        return false;
    }

    /** Outside of the writing lock; a table that is locked takes a second. */
    private boolean makeRoom() {
        return !closed && writes.ownership().map(trims::dropOne).orElse(false);
    }

    /**
     * {@inheritDoc}
     *
     * @throws PhilotesException STATE_UNREACHABLE when the database still cannot be reached; BUFFER_IN_USE or FENCED when
     *     another process took the buffer meanwhile; BUFFER_CORRUPT when the database lost what it had committed
     */
    @Override
    public void discardIncomplete() {
        writes.discardIncomplete();
    }

    /**
     * {@inheritDoc}
     *
     * @throws PhilotesException FENCED, or STATE_UNREACHABLE until {@link #discardIncomplete} found out
     */
    @Override
    public void requireOwned() {
        writes.requireOwned();
    }

    @Override
    public void startAt(Lsn position) {
        writes.startAt(position);
    }

    @Override
    public void reset() {
        writes.reset();
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
        int id = writes.ownership()
                .orElseThrow(() -> new PhilotesException(ErrorCode.DEFECT, "Cannot read the buffer: it is not open"))
                .buffer();
        if (after.isBefore(trimmedUpTo())) {
            throw BatchOrder.trimmed(reader, after, trimmedUpTo());
        }
        return new PostgresReader(this, reader, after, new RowReader(database, sql, id, reader));
    }

    @Override
    public void trim(Lsn upTo) {
        if (!closed) {
            writes.ownership().ifPresent(owner -> trims.trim(upTo, owner));
        }
    }

    @Override
    public Optional<PhilotesException> trouble() {
        return closed ? Optional.empty() : Optional.ofNullable(inTheWay);
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

    /** The batch that begins with a row, if it is still in memory. */
    Optional<RecentBatches.Recent> recent(long seq) {
        return recent.beginningWith(seq);
    }

    @Override
    public void close() {
        closed = true;
        changes.raise();
        writes.close();
    }
}
