// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.StateDatabase;
import io.philotes.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Drops the tables of segments that nobody needs, each in a short transaction of its own, which waits a second for whoever reads
 * the table. Thread-safe.
 */
final class Retirement {

    private final StateDatabase database;
    private final BufferSql sql;

    Retirement(StateDatabase database, BufferSql sql) {
        this.database = database;
        this.sql = sql;
    }

    /** @throws PhilotesException when it could not, or nobody knows; it may be done again */
    void drop(Ownership owner, Contents.Retired retired) {
        String table = sql.table(owner.buffer(), retired.segment().firstSeq());
        try {
            database.call(ErrorCode.BUFFER_FAILED, "drop " + table, connection -> {
                drop(connection, table, owner, retired);
                return null;
            });
        } catch (PhilotesException e) {
            throw e.getCause() instanceof SQLException cause && Taking.isLocked(cause)
                    ? e.hinting("end the session that holds the table, see pg_locks; it goes on by itself then")
                    : e;
        }
    }

    /** The row that every append holds comes last, so that no append waits for a lock on an old table. */
    private void drop(Connection connection, String table, Ownership owner, Contents.Retired retired)
            throws SQLException {
        Segment segment = retired.segment();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '1s'");
            statement.execute("DROP TABLE IF EXISTS " + table);
        }
        try (PreparedStatement forget = connection.prepareStatement(sql.forget)) {
            forget.setInt(1, owner.buffer());
            forget.setLong(2, segment.firstSeq());
            forget.executeUpdate();
        }
        try (PreparedStatement mark = connection.prepareStatement(sql.trimmed)) {
            Lsn end = segment.endLsn();
            mark.setString(1, end.toString());
            mark.setString(2, end.toString());
            mark.setLong(3, retired.lastSeq());
            mark.setInt(4, owner.buffer());
            mark.setLong(5, owner.epoch());
            OwnedTables.requireOwned(mark.executeUpdate());
        }
    }
}
