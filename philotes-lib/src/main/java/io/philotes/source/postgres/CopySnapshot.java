// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * An exported snapshot and the walsender that keeps it: the snapshot dies with that connection, and with its next command.
 * Thread-safe: nothing is ever said on the exporting connection again but its end.
 */
final class CopySnapshot implements AutoCloseable {

    private final Sessions sessions;
    private final Connection exporter;
    private final Slot.Created created;

    CopySnapshot(Sessions sessions, Connection exporter, Slot.Created created) {
        this.sessions = sessions;
        this.exporter = exporter;
        this.created = created;
    }

    Lsn consistentPoint() {
        return created.consistentPoint();
    }

    Sessions sessions() {
        return sessions;
    }

    /** A new connection inside a read-only transaction that sees the snapshot. */
    Connection open() {
        Connection connection = sessions.openCopy();
        try {
            Sql.execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Sql.execute(connection, "SET TRANSACTION SNAPSHOT " + Sql.literal(created.snapshot()));
            return connection;
        } catch (SQLException e) {
            Sql.closeQuietly(connection);
            throw SqlFailures.of("import the exported snapshot", e);
        }
    }

    @Override
    public void close() {
        Sql.closeQuietly(exporter);
    }
}
