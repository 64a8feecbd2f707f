// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.postgres;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The statements, each inside the caller's transaction. Immutable.
 *
 * <p>Who writes takes the pipeline's advisory lock first: two that touched the same letters in another order would each wait
 * for the other.
 *
 * @param name the table, quoted
 * @param pipeline whose letters these are
 */
record Letters(String name, String pipeline) {

    /** The first half of the advisory locks' numbers; any that nobody else takes. */
    private static final int LOCKS = 0x7068_444c;

    /** So many at a time, so that no statement takes long. */
    private static final int PORTION = 1000;

    private static final String SAME = " t.pipeline = ? AND t.sink = w.sink AND t.table_schema = w.table_schema"
            + " AND t.table_name = w.table_name AND t.commit_lsn = CAST(w.commit_lsn AS pg_lsn) AND t.ordinal = w.ordinal";

    private static final String NAMED =
            " unnest(?, ?, ?, ?, ?) AS w(sink, table_schema, table_name, commit_lsn, ordinal)";

    /** Reads one row. */
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(" + LOCKS + ", hashtext(?))")) {
            lock.setString(1, pipeline);
            lock.execute();
        }
    }

    Void add(Connection connection, List<ParkedChange> letters) throws SQLException {
        if (letters.isEmpty()) {
            return null;
        }
        lock(connection);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + name + LetterRows.INSERT)) {
            // One by one: a batch would hold all changes in memory once more.
            for (ParkedChange letter : letters) {
                LetterRows.bind(insert, letter);
                insert.executeUpdate();
            }
        }
        return null;
    }

    List<DeadLetter> list(Connection connection, DeadLetterFilter filter, Optional<DeadLetter.Id> after, int limit)
            throws SQLException {
        Condition condition = Condition.of(pipeline, filter);
        String behind = after.isPresent() ? " AND (" + LetterRows.ID + ") > (?, ?, ?, CAST(? AS pg_lsn), ?)" : "";
        String sql = "SELECT " + LetterRows.LETTER + " FROM " + name + " WHERE " + condition.sql() + behind
                + " ORDER BY " + LetterRows.ID + " LIMIT ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int next = condition.bind(select);
            if (after.isPresent()) {
                LetterRows.bindId(select, next, after.get());
                next += 5;
            }
            select.setInt(next, limit);
            return all(select, row -> LetterRows.letter(row, pipeline));
        }
    }

    <T> Optional<T> one(Connection connection, String columns, DeadLetter.Id id, Reading<T> reading)
            throws SQLException {
        String sql = "SELECT " + columns + " FROM " + name + " WHERE pipeline = ? AND (" + LetterRows.ID
                + ") = (?, ?, ?, CAST(? AS pg_lsn), ?)";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, pipeline);
            LetterRows.bindId(select, 2, id);
            return all(select, reading).stream().findFirst();
        }
    }

    private static <T> List<T> all(PreparedStatement select, Reading<T> reading) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reading.of(rows));
            }
            return all;
        }
    }

    List<DeadLetter.Id> move(Connection connection, List<DeadLetter.Id> ids, DeadLetterMove move) throws SQLException {
        String sql = "UPDATE " + name + " AS t SET state = ?, state_since = ?, replay = coalesce(?, t.replay),"
                + " code = coalesce(?, t.code), reason = coalesce(?, t.reason), attempts = t.attempts + ? FROM" + NAMED
                + " WHERE t.state = ANY (?) AND" + SAME
                + " RETURNING t.sink, t.table_schema, t.table_name, t.commit_lsn, t.ordinal";
        List<DeadLetter.Id> moved = new ArrayList<>();
        if (ids.isEmpty()) {
            return moved;
        }
        lock(connection);
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (int from = 0; from < ids.size(); from += PORTION) {
                update.setString(1, move.to().name());
                update.setObject(2, LetterRows.time(move.at()));
                update.setString(3, move.replay().orElse(null));
                update.setString(
                        4, move.failure().map(DeadLetterMove.Failure::code).orElse(null));
                update.setString(
                        5, move.failure().map(DeadLetterMove.Failure::reason).orElse(null));
                update.setInt(6, move.failure().isPresent() ? 1 : 0);
                int next = bindNamed(update, 7, ids.subList(from, Math.min(ids.size(), from + PORTION)));
                update.setArray(next, LetterRows.texts(update, names(move.from())));
                update.setString(next + 1, pipeline);
                moved.addAll(all(update, row -> LetterRows.id(row, pipeline)));
            }
        }
        return moved;
    }

    int remove(Connection connection, List<DeadLetter.Id> ids) throws SQLException {
        String sql = "DELETE FROM " + name + " AS t USING" + NAMED + " WHERE t.state <> ALL (?) AND" + SAME;
        if (ids.isEmpty()) {
            return 0;
        }
        lock(connection);
        int removed = 0;
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            for (int from = 0; from < ids.size(); from += PORTION) {
                int next = bindNamed(delete, 1, ids.subList(from, Math.min(ids.size(), from + PORTION)));
                delete.setArray(next, LetterRows.texts(delete, names(DeadLetterState.BLOCKING)));
                delete.setString(next + 1, pipeline);
                removed += delete.executeUpdate();
            }
        }
        return removed;
    }

    private static List<String> names(Collection<DeadLetterState> states) {
        return states.stream().map(Enum::name).toList();
    }

    private static int bindNamed(PreparedStatement statement, int first, List<DeadLetter.Id> ids) throws SQLException {
        statement.setArray(first, LetterRows.texts(statement, texts(ids, DeadLetter.Id::sink)));
        statement.setArray(
                first + 1,
                LetterRows.texts(statement, texts(ids, id -> id.table().schema())));
        statement.setArray(
                first + 2,
                LetterRows.texts(statement, texts(ids, id -> id.table().name())));
        statement.setArray(
                first + 3,
                LetterRows.texts(statement, texts(ids, id -> id.at().commitLsn().toString())));
        Object[] ordinals = ids.stream().map(id -> id.at().ordinal()).toArray();
        statement.setArray(first + 4, statement.getConnection().createArrayOf("bigint", ordinals));
        return first + 5;
    }

    private static List<String> texts(
            List<DeadLetter.Id> ids, java.util.function.Function<DeadLetter.Id, String> part) {
        return ids.stream().map(part).toList();
    }
}
