// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.source.SourceIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An exported snapshot and the walsender that keeps it: the snapshot dies with that connection, and with its next command.
 * Thread-safe: nothing is ever said on the exporting connection again but its end.
 */
final class CopySnapshot implements AutoCloseable {

    /** What follows when rows of this snapshot cannot be told from others. */
    static final String COPIED_AGAIN = "it is copied again under a new snapshot";

    private final Sessions sessions;
    private final Connection exporter;
    private final Slot.Created created;
    private final SourceIdentity identity;
    private final AtomicReference<String> first = new AtomicReference<>();

    CopySnapshot(Sessions sessions, Connection exporter, Slot.Created created, SourceIdentity identity) {
        this.sessions = sessions;
        this.exporter = exporter;
        this.created = created;
        this.identity = identity;
    }

    /** Of the server that exports it. */
    SourceIdentity identity() {
        return identity;
    }

    Lsn consistentPoint() {
        return created.consistentPoint();
    }

    Sessions sessions() {
        return sessions;
    }

    /** A new connection inside a read-only transaction that sees the snapshot; fails when it is not the first one's. */
    Connection open() {
        Connection connection = sessions.openCopy();
        try {
            Sql.execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            requireFirst(imported(connection));
            return connection;
        } catch (SQLException e) {
            Sql.closeQuietly(connection);
            throw SqlFailures.of("import the exported snapshot", e);
        } catch (PhilotesException e) {
            Sql.closeQuietly(connection);
            throw e;
        }
    }

    /** Imports the snapshot and says what it sees, in one round trip. */
    private String imported(Connection connection) throws SQLException {
        String sql = "SET TRANSACTION SNAPSHOT " + Sql.literal(created.snapshot())
                + "; SELECT pg_catalog.pg_current_snapshot()::text";
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** A server that was started again gives the same names again, to anybody. */
    private void requireFirst(String seen) {
        if (!first.compareAndSet(null, seen) && !first.get().equals(seen)) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_QUERY,
                            "Cannot import the exported snapshot: it is gone, and another one has its name")
                    .hinting(COPIED_AGAIN);
        }
    }

    @Override
    public void close() {
        Sql.closeQuietly(exporter);
    }
}
