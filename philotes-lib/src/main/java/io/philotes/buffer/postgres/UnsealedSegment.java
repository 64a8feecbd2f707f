// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a segment holds whose end was not noted, after its incomplete tail was cut off: the newest, which is still written to,
 * or one that was done with before the next began.
 *
 * @param segment with its end and size
 * @param lastSeq its last row, or the one before its first
 */
record UnsealedSegment(Segment segment, long lastSeq) {

    static UnsealedSegment find(
            Connection connection, BufferSql sql, BufferLimits limits, OwnedTables owned, long firstSeq)
            throws SQLException {
        int buffer = owned.ownership().buffer();
        long lastSeq = firstSeq - 1;
        Lsn end = Lsn.ZERO;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql.end(buffer, firstSeq))) {
            row.next();
            if (row.getString(2) != null) {
                lastSeq = row.getLong(1);
                end = Lsn.parse(row.getString(2));
            }
        }
        owned.cut(firstSeq, lastSeq, limits);
        return new UnsealedSegment(new Segment(firstSeq, end, size(connection, sql.size(buffer, firstSeq))), lastSeq);
    }

    private static long size(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
