// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Incarnation;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark that is left in the database, by which one that was put back to an earlier time is known: a random id and a
 * number that rises. It is the comment of the publication, {@code philotes:<id>:<number>}, when the role owns that one and
 * nobody else wrote a comment; else a row of {@code philotes.incarnation}, which {@code setup-sql} makes. Immutable.
 *
 * <p>A comment invalidates no cache: the decoder sends no Relation message for it, and it costs 320 bytes of WAL.
 */
final class IncarnationMark {

    private static final Pattern TEXT = Pattern.compile("philotes:([0-9a-f-]{36}):([0-9]{1,18})");

    private static final String OF_PUBLICATION =
            "SELECT coalesce(pg_catalog.obj_description(oid, 'pg_publication'), ''),"
                    + " pg_catalog.pg_has_role(pubowner, 'USAGE')"
                    + " FROM pg_catalog.pg_publication WHERE pubname = ?";

    private static final String TABLE_IS_OURS = "SELECT FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = 'philotes' AND c.relname = 'incarnation'"
            + " AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
            + " AND pg_catalog.has_table_privilege(c.oid, 'SELECT')"
            + " AND pg_catalog.has_table_privilege(c.oid, 'INSERT')"
            + " AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')";

    private static final String OF_TABLE = "SELECT id::text, counter FROM philotes.incarnation WHERE slot = ?";

    private static final String INTO_TABLE = "INSERT INTO philotes.incarnation AS i (slot, id, counter)"
            + " VALUES (?, ?::uuid, ?) ON CONFLICT (slot) DO UPDATE"
            + " SET id = excluded.id, counter = greatest(i.counter, excluded.counter) RETURNING counter";

    private final String publication;
    private final String slot;

    IncarnationMark(String publication, String slot) {
        this.publication = publication;
        this.slot = slot;
    }

    /** What can carry the mark. */
    enum Carrier {
        COMMENT,
        TABLE,
        NONE
    }

    private record Seen(Carrier carrier, Optional<Incarnation> incarnation) {}

    private record Comment(String text, boolean ours) {}

    /** What carries the mark, or could; {@link Carrier#NONE} when nothing may be written. */
    Carrier carrier(Connection connection) throws SQLException {
        return look(connection).carrier();
    }

    Optional<Incarnation> read(Connection connection) throws SQLException {
        return look(connection).incarnation();
    }

    private Seen look(Connection connection) throws SQLException {
        List<Comment> comments = Sql.query(
                connection, OF_PUBLICATION, row -> new Comment(row.getString(1), row.getBoolean(2)), publication);
        Optional<Comment> comment = comments.stream().findFirst();
        Optional<Incarnation> commented = comment.flatMap(c -> parse(c.text()));
        if (commented.isPresent()) {
            return new Seen(comment.get().ours() ? Carrier.COMMENT : Carrier.NONE, commented);
        }
        boolean hasTable = !Sql.query(connection, TABLE_IS_OURS, row -> true).isEmpty();
        Optional<Incarnation> kept = hasTable
                ? Sql.query(connection, OF_TABLE, IncarnationMark::row, slot).stream()
                        .findFirst()
                : Optional.empty();
        boolean mayComment = comment.filter(c -> c.ours() && c.text().isEmpty()).isPresent();
        if (mayComment && kept.isEmpty()) {
            return new Seen(Carrier.COMMENT, Optional.empty());
        }
        return new Seen(hasTable ? Carrier.TABLE : Carrier.NONE, kept);
    }

    private static Incarnation row(ResultSet row) throws SQLException {
        return new Incarnation(row.getString(1), row.getLong(2));
    }

    private static Optional<Incarnation> parse(String comment) {
        Matcher matcher = TEXT.matcher(comment);
        return matcher.matches()
                ? Optional.of(new Incarnation(matcher.group(1), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    /** Leaves a first mark where there is none and one can be left. */
    void ensure(Connection connection) throws SQLException {
        Seen seen = look(connection);
        if (seen.incarnation().isEmpty() && seen.carrier() != Carrier.NONE) {
            write(connection, seen.carrier(), new Incarnation(UUID.randomUUID().toString(), 1));
        }
    }

    /**
     * Raises the number, never lowers it: another instance may have raised it meanwhile.
     *
     * @param known the mark that was last seen
     * @return the new mark; empty when none can be left
     * @throws PhilotesException SOURCE_REWOUND when what is there is not {@code known}, or a later one of it
     */
    Optional<Incarnation> renew(Connection connection, Optional<Incarnation> known) throws SQLException {
        Seen seen = look(connection);
        if (known.isPresent() && !isFrom(seen.incarnation(), known.get())) {
            throw new PhilotesException(
                    ErrorCode.SOURCE_REWOUND,
                    "Cannot renew the mark of publication " + publication + ": it is gone, or of another past");
        }
        if (seen.carrier() == Carrier.NONE) {
            return Optional.empty();
        }
        Incarnation next = seen.incarnation()
                .map(Incarnation::next)
                .orElseGet(() -> new Incarnation(UUID.randomUUID().toString(), 1));
        write(connection, seen.carrier(), next);
        return Optional.of(next);
    }

    private static boolean isFrom(Optional<Incarnation> seen, Incarnation known) {
        return seen.filter(now -> now.id().equals(known.id()) && now.counter() >= known.counter())
                .isPresent();
    }

    private void write(Connection connection, Carrier carrier, Incarnation mark) throws SQLException {
        if (carrier == Carrier.TABLE) {
            Sql.query(connection, INTO_TABLE, row -> row.getLong(1), slot, mark.id(), mark.counter());
        } else {
            String text = "philotes:" + mark.id() + ":" + mark.counter();
            Sql.execute(
                    connection, "COMMENT ON PUBLICATION " + TableId.quote(publication) + " IS " + Sql.literal(text));
        }
    }
}
