// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.HeldSession;
import io.philotes.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipeline's tables in the hands of their owner: one session that holds the lock and writes. As both are the same session,
 * whoever gets the lock after it knows that none of its writes is still under way. Each write also requires the epoch, for a
 * pooler in between may give one session to many. Confined to one thread at a time.
 */
final class OwnedTables {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedTables.class);

    private final HeldSession session;
    private final BufferSql sql;
    private final Ownership ownership;

    OwnedTables(HeldSession session, BufferSql sql, Ownership ownership) {
        this.session = session;
        this.sql = sql;
        this.ownership = ownership;
    }

    Ownership ownership() {
        return ownership;
    }

    /** Writes the rows of one batch, all or none, durably. One row is one statement, and its own transaction. */
    void insert(long firstSeq, List<Chunk> chunks) throws SQLException {
        String insert = sql.insert(ownership.buffer(), firstSeq);
        if (chunks.size() == 1) {
            insert(session.connection(), insert, chunks.get(0));
            return;
        }
        session.transaction(connection -> {
            for (Chunk chunk : chunks) {
                insert(connection, insert, chunk);
            }
            return null;
        });
    }

    private void insert(Connection connection, String sql, Chunk chunk) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            new ChunkParameters(connection, statement, chunk).set(ownership);
            requireOwned(statement.executeUpdate());
        }
    }

    /** Ends the segment before, if it is there, and begins the next. */
    void addSegment(Segment unsealed, long firstSeq) throws SQLException {
        session.transaction(connection -> {
            if (unsealed != null) {
                seal(connection, unsealed);
            }
            try (Statement create = connection.createStatement()) {
                create.execute(sql.create(ownership.buffer(), firstSeq));
            }
            try (PreparedStatement add = connection.prepareStatement(sql.addSegment)) {
                add.setLong(1, firstSeq);
                add.setInt(2, ownership.buffer());
                add.setLong(3, ownership.epoch());
                requireOwned(add.executeUpdate());
            }
            return null;
        });
    }

    private void seal(Connection connection, Segment segment) throws SQLException {
        try (PreparedStatement seal = connection.prepareStatement(sql.seal)) {
            seal.setString(1, segment.endLsn().toString());
            seal.setLong(2, segment.bytes());
            seal.setInt(3, ownership.buffer());
            seal.setLong(4, segment.firstSeq());
            seal.executeUpdate();
        }
    }

    void progress(Lsn position) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql.progress)) {
            statement.setString(1, position.toString());
            statement.setInt(2, ownership.buffer());
            statement.setLong(3, ownership.epoch());
            requireOwned(statement.executeUpdate());
        }
    }

    void startAt(Lsn position) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql.startAt)) {
            statement.setString(1, position.toString());
            statement.setString(2, position.toString());
            statement.setInt(3, ownership.buffer());
            statement.setLong(4, ownership.epoch());
            requireOwned(statement.executeUpdate());
        }
    }

    /** Removes what came behind the last whole transaction: some rows at a time, for all may take longer than a statement may. */
    void cut(long firstSeq, long afterSeq, BufferLimits limits) throws SQLException {
        long removed = 0;
        Removed some = removeSome(firstSeq, afterSeq);
        while (some.lastSeq() > 0) {
            removed += some.bytes();
            some = removeSome(firstSeq, some.lastSeq());
        }
        if (removed > limits.segmentBytes()) {
            vacuum(firstSeq);
        }
    }

    /** Rows that went; lastSeq is 0 when there were none. */
    private record Removed(long lastSeq, long bytes) {}

    private Removed removeSome(long firstSeq, long afterSeq) throws SQLException {
        return session.transaction(connection -> {
            requireOwned(connection);
            try (PreparedStatement statement = connection.prepareStatement(sql.cut(ownership.buffer(), firstSeq))) {
                statement.setLong(1, afterSeq);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return new Removed(row.getLong(1), row.getLong(2));
                }
            }
        });
    }

    /** A large transaction that is cut off comes again, maybe often, and must not take new room each time. */
    private void vacuum(long firstSeq) throws SQLException {
        try {
            session.executeLong("VACUUM " + sql.table(ownership.buffer(), firstSeq));
        } catch (SQLException e) {
            if (!session.isWell()) {
                throw e;
            }
            LOG.debug("A table of the buffer was not vacuumed", e);
        }
    }

    void requireOwned() throws SQLException {
        requireOwned(session.connection());
    }

    private void requireOwned(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.owned)) {
            statement.setInt(1, ownership.buffer());
            statement.setLong(2, ownership.epoch());
            try (ResultSet row = statement.executeQuery()) {
                requireOwned(row.next() ? 1 : 0);
            }
        }
    }

    void reset() throws SQLException {
        session.transaction(connection -> {
            for (long firstSeq : segments(connection)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("DROP TABLE IF EXISTS " + sql.table(ownership.buffer(), firstSeq));
                }
                try (PreparedStatement forget = connection.prepareStatement(sql.forget)) {
                    forget.setInt(1, ownership.buffer());
                    forget.setLong(2, firstSeq);
                    forget.executeUpdate();
                }
            }
            startAt(Lsn.ZERO);
            return null;
        });
    }

    private List<Long> segments(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.segments)) {
            statement.setInt(1, ownership.buffer());
            try (ResultSet row = statement.executeQuery()) {
                List<Long> segments = new ArrayList<>();
                while (row.next()) {
                    segments.add(row.getLong(1));
                }
                return segments;
            }
        }
    }

    static void requireOwned(int rows) {
        if (rows != 1) {
            throw new PhilotesException(
                    ErrorCode.FENCED, "Cannot write to the buffer: another process has taken it over");
        }
    }

    /** Whether the session still answers for itself. */
    boolean isWell() {
        return session.isWell();
    }

    void release() {
        try (Statement statement = session.connection().createStatement()) {
            statement.execute("SELECT pg_catalog.pg_advisory_unlock(" + ownership.lock() + ")");
            session.close();
        } catch (SQLException e) {
            session.abort();
        }
    }

    void abort() {
        session.abort();
    }
}
