// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.postgres;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeSet;

/** Letters as rows of the table. Stateless. */
final class LetterRows {

    /** What identifies a letter in its pipeline, in the order of {@link #id}. */
    static final String ID = "sink, table_schema, table_name, commit_lsn, ordinal";

    /** What {@link #letter} reads. */
    static final String LETTER =
            ID + ", state, state_since, code, reason, parked_at, attempts, replay, keys," + " octet_length(change)";

    static final String INSERT = " (pipeline, " + ID
            + ", state, state_since, code, reason, parked_at, attempts, replay, keys, change)"
            + " VALUES (?, ?, ?, ?, CAST(? AS pg_lsn), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private LetterRows() {}

    static void bind(PreparedStatement insert, ParkedChange parked) throws SQLException {
        DeadLetter letter = parked.letter();
        insert.setString(1, letter.id().pipeline());
        bindId(insert, 2, letter.id());
        insert.setString(7, letter.state().name());
        insert.setObject(8, time(letter.stateSince()));
        insert.setString(9, letter.code());
        insert.setString(10, letter.reason());
        insert.setObject(11, time(letter.parkedAt()));
        insert.setInt(12, letter.attempts());
        insert.setString(13, letter.replay());
        insert.setArray(14, texts(insert, List.copyOf(letter.keys())));
        insert.setBytes(15, parked.change());
    }

    /** Binds five parameters. */
    static void bindId(PreparedStatement statement, int first, DeadLetter.Id id) throws SQLException {
        statement.setString(first, id.sink());
        statement.setString(first + 1, id.table().schema());
        statement.setString(first + 2, id.table().name());
        statement.setString(first + 3, id.at().commitLsn().toString());
        statement.setLong(first + 4, id.at().ordinal());
    }

    static Array texts(PreparedStatement statement, List<String> texts) throws SQLException {
        return statement.getConnection().createArrayOf("text", texts.toArray());
    }

    /** The database keeps microseconds, and would round. */
    static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    static DeadLetter.Id id(ResultSet row, String pipeline) throws SQLException {
        TableId table = new TableId(row.getString(2), row.getString(3));
        SequenceNumber at = new SequenceNumber(Lsn.parse(row.getString(4)), row.getLong(5));
        return new DeadLetter.Id(pipeline, row.getString(1), table, at);
    }

    static DeadLetter letter(ResultSet row, String pipeline) throws SQLException {
        Object[] keys = (Object[]) row.getArray(13).getArray();
        TreeSet<String> sorted = new TreeSet<>();
        for (Object key : keys) {
            sorted.add((String) key);
        }
        return new DeadLetter(
                id(row, pipeline),
                sorted,
                row.getString(8),
                row.getString(9),
                row.getObject(10, OffsetDateTime.class).toInstant(),
                row.getInt(11),
                DeadLetterState.valueOf(row.getString(6)),
                row.getString(12),
                row.getObject(7, OffsetDateTime.class).toInstant(),
                row.getInt(14));
    }
}
