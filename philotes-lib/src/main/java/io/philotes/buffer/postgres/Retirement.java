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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the tables of segments that nobody needs, in short transactions of their own. Where somebody reads such a table, it is
 * left for the next time. Confined to one thread at a time.
 */
final class Retirement {

    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

    private final StateDatabase database;
    private final BufferSql sql;
    private boolean warned;

    Retirement(StateDatabase database, BufferSql sql) {
        this.database = database;
        this.sql = sql;
    }

    /** Whether the table is gone; nothing is thrown for it, as it only takes room. */
    boolean drop(Ownership owner, Contents.Retired retired) {
        try {
            database.call(ErrorCode.BUFFER_FAILED, "drop a part of the buffer", connection -> {
                drop(connection, owner, retired);
                return null;
            });
            warned = false;
            return true;
        } catch (PhilotesException e) {
            if (!warned) {
                LOG.warn(
                        "A part of the buffer that is done with cannot be dropped yet and takes room: {}",
                        e.getMessage());
            }
            warned = true;
            return false;
        }
    }

    /** The row that every append holds comes last, so that no append waits for a lock on an old table. */
    private void drop(Connection connection, Ownership owner, Contents.Retired retired) throws SQLException {
        Segment segment = retired.segment();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '1s'");
            statement.execute("DROP TABLE IF EXISTS " + sql.table(owner.buffer(), segment.firstSeq()));
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
