// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.jdbc.StateDatabase;
import io.philotes.jdbc.StateFailures;
import io.philotes.model.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a pipeline's tables while it owns them, and decides what a failed statement means. Three ends: done; known not
 * done, and the session is well, which is like being full; anything else ends the session, and what is there is looked up by
 * {@link #take}. Confined to the thread that holds the buffer's writing lock, but for {@link #close}.
 */
final class TableWriter {

    private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);

    private final StateDatabase database;
    private final BufferSql sql;
    private final BufferLimits limits;
    private final String pipeline;
    private final String owner = UUID.randomUUID().toString();

    private volatile OwnedTables tables;
    private volatile Ownership ownership;
    private PhilotesException failure;
    private boolean waits;

    TableWriter(StateDatabase database, BufferSql sql, BufferLimits limits, String pipeline) {
        this.database = database;
        this.sql = sql;
        this.limits = limits;
        this.pipeline = pipeline;
    }

    /** What is owned, or was when the session broke. */
    Ownership ownership() {
        return ownership;
    }

    /**
     * Takes the tables, for the first time or again.
     *
     * @param atLeast what must be there
     */
    StoredState take(Lsn atLeast) {
        Taking taking = new Taking(database, sql, limits, pipeline, owner, ownership);
        try {
            taking.take();
        } catch (SQLException e) {
            throw Taking.isMissingTable(e)
                    ? new PhilotesException(
                            ErrorCode.BUFFER_CORRUPT,
                            "Cannot open the buffer of " + pipeline + ": somebody dropped a table of schema "
                                    + database.schema(),
                            e)
                    : StateFailures.of(ErrorCode.BUFFER_FAILED, "open the buffer of " + pipeline, e);
        }
        tables = taking.tables();
        ownership = tables.ownership();
        requireNotBehind(taking.state(), atLeast);
        if (failure != null) {
            LOG.info(
                    "The buffer of {} is reached again, appended up to {}",
                    pipeline,
                    taking.state().appendedUpTo());
        }
        failure = null;
        return taking.state();
    }

    /** A database that was restored, or a standby that took over, may lack what was committed and acknowledged. */
    private void requireNotBehind(StoredState state, Lsn atLeast) {
        if (state.appendedUpTo().isBefore(atLeast)) {
            failure = new PhilotesException(
                            ErrorCode.BUFFER_CORRUPT,
                            "Cannot go on with the buffer of " + pipeline + ": its database went back to "
                                    + state.appendedUpTo() + " and lost what it had committed up to " + atLeast)
                    .hinting("bring back the database that has it, or copy the tables again");
            abort();
            throw failure;
        }
    }

    void requireUsable() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether the session was lost in a way that may pass. */
    boolean mayTakeAgain() {
        return failure != null && failure.recovery() == Recovery.RETRY;
    }

    /** A statement that is all or nothing. */
    @FunctionalInterface
    private interface Step {
        void run(OwnedTables tables) throws SQLException;
    }

    boolean begin(Segment unsealed, long firstSeq) {
        return run("begin a table of the buffer", t -> t.addSegment(unsealed, firstSeq));
    }

    boolean write(long firstSeq, List<Chunk> chunks) {
        return run("append to the buffer", t -> t.insert(firstSeq, chunks));
    }

    boolean progress(Lsn position) {
        return run("append to the buffer", t -> t.progress(position));
    }

    void requireOwned() {
        require(run("ask whose the buffer is", OwnedTables::requireOwned));
    }

    void startAt(Lsn position) {
        require(run("let the buffer begin at " + position, t -> t.startAt(position)));
    }

    void cut(long firstSeq, long afterSeq) {
        require(run("cut off an incomplete transaction", t -> t.cut(firstSeq, afterSeq, limits)));
    }

    /** Drops every table of the buffer and forgets its positions; rows go on being numbered. */
    void reset() {
        require(run("reset the buffer", OwnedTables::reset));
    }

    private static void require(boolean done) {
        if (!done) {
            throw new PhilotesException(
                    ErrorCode.STATE_UNREACHABLE, "Cannot write to the buffer: its database is busy or full");
        }
    }

    /** Whether it was done; false when it surely was not, and may be later. */
    private boolean run(String doing, Step step) {
        OwnedTables owned = tables;
        try {
            step.run(owned);
            waits = false;
            return true;
        } catch (SQLException e) {
            if (isKnownNotDone(e) && owned.isWell()) {
                if (!waits) {
                    LOG.warn("The buffer of {} waits for its database: {}", pipeline, e.getMessage());
                }
                waits = true;
                return false;
            }
            throw finished(StateFailures.of(ErrorCode.BUFFER_FAILED, doing, e));
        } catch (PhilotesException e) {
            throw finished(e);
        }
    }

    /** The server itself said that it rolled back: no room, a lock, a deadlock, a timeout. */
    private static boolean isKnownNotDone(SQLException e) {
        String state = StateFailures.state(e);
        return switch (state) {
            case "40001", "40P01", "55P03", "57014" -> true;
            default -> state.startsWith("53");
        };
    }

    private PhilotesException finished(PhilotesException why) {
        failure = why;
        abort();
        return why;
    }

    private void abort() {
        if (tables != null) {
            tables.abort();
        }
    }

    /** Lets the tables go; a statement that does not end in time loses its session. */
    void close(ReentrantLock writing, Duration patience) {
        boolean mine = false;
        try {
            mine = writing.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        OwnedTables open = tables;
        tables = null;
        if (open == null) {
            return;
        }
        if (mine) {
            open.release();
            writing.unlock();
        } else {
            open.abort();
        }
    }
}
