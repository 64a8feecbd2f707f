// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes what tables are into the WAL, as {@link TableMessage}s. Immutable.
 *
 * <p>A picture is true at its place in the WAL: it is read and written while a lock is held that every change of the table's
 * definition waits for, in a transaction that waits for no standby. What no lock holds off (files of partitions, labels of
 * enums, the publication) is never newer than the place, and a later look finds what this one was too early for.
 */
final class TableTeller {

    /** How many tables are locked at once; the server's room for locks is shared by all. */
    static final int MAX_LOCKS = 100;

    /** A lock that was not to be had, a table that went meanwhile, a deadlock, a cancelled statement: the next look may do better. */
    private static final Set<String> MAY_PASS = Set.of("55P03", "42P01", "3F000", "40P01", "57014");

    private final SourceTables tables;
    private final String slot;

    TableTeller(SourceTables tables, String slot) {
        this.tables = tables;
        this.slot = slot;
    }

    static boolean mayPass(SQLException e) {
        return MAY_PASS.contains(SqlFailures.state(e));
    }

    /** Throws when there is no connection left to go on with. */
    static void requireAlive(SQLException e) throws SQLException {
        String state = SqlFailures.state(e);
        if (state.isEmpty() || state.startsWith("08") || state.startsWith("57P")) {
            throw e;
        }
    }

    /** What the tables are now, as fingerprints of their pictures, without locks. */
    Map<Integer, String> fingerprints(Connection connection, Collection<Integer> oids) throws SQLException {
        Map<Integer, String> fingerprints = new HashMap<>();
        if (!oids.isEmpty()) {
            String sql = "SELECT q.oid::int8, pg_catalog.md5(q.picture) FROM (" + CatalogPictures.query(oids) + ") q";
            Sql.query(connection, sql, row -> fingerprints.put((int) row.getLong(1), row.getString(2)));
        }
        return fingerprints;
    }

    /**
     * Tells of these tables; the answer leaves out those that bear another name now. All or nothing. Waits for no lock: to
     * hold some and wait for others is how deadlocks come about, and their victim could be who alters the tables.
     */
    Map<Integer, TableWatch.Told> tell(Connection connection, Map<Integer, TableId> named) throws SQLException {
        Map<Integer, TableWatch.Told> told = new HashMap<>();
        try {
            begin(connection);
            Sql.execute(
                    connection,
                    named.values().stream()
                            .map(table -> "ONLY " + table.toSql())
                            .collect(Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS SHARE MODE NOWAIT")));
            // The locks were taken by name. Whoever has the name now is locked, and keeps it.
            Map<Integer, TableId> locked = new HashMap<>(new Catalog(connection).names(named.keySet()));
            locked.entrySet().retainAll(named.entrySet());
            told.putAll(write(connection, locked.keySet()));
            Sql.execute(connection, "COMMIT");
            return told;
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private static void begin(Connection connection) throws SQLException {
        Sql.execute(connection, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        Sql.execute(connection, "SET LOCAL synchronous_commit = local");
    }

    private static void rollBack(Connection connection, SQLException failure) {
        try {
            Sql.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private Map<Integer, TableWatch.Told> write(Connection connection, Set<Integer> oids) throws SQLException {
        Map<Integer, TableWatch.Told> told = new HashMap<>();
        if (oids.isEmpty()) {
            return told;
        }
        String sql = "SELECT pg_catalog.md5(q.picture), q.picture, pg_catalog.pg_logical_emit_message(true, "
                + Sql.literal(TableMessage.PREFIX) + ", pg_catalog.convert_to(pg_catalog.json_build_object('writer', "
                + Sql.literal(slot) + ", 'table', q.picture::json)::text, 'UTF8'))::text FROM ("
                + CatalogPictures.query(oids) + ") q";
        Map<String, CatalogPicture> pictures = new HashMap<>();
        Sql.query(connection, sql, row -> pictures.put(row.getString(1), CatalogPictures.parse(row.getString(2))));
        for (Map.Entry<String, CatalogPicture> picture : pictures.entrySet()) {
            told.put(
                    picture.getValue().table().oid(),
                    new TableWatch.Told(
                            tables.picture(connection, picture.getValue()).given(), picture.getKey(), false));
        }
        return told;
    }

    /** Tells that these tables are not there any more under the names that their streams know. */
    void tellGone(Connection connection, Map<Integer, TableWatch.Told> missing) throws SQLException {
        Map<Integer, TableId> now = new Catalog(connection).names(missing.keySet());
        try {
            begin(connection);
            for (Map.Entry<Integer, TableWatch.Told> table : missing.entrySet()) {
                TableId before = table.getValue().table();
                emitGone(connection, table.getKey(), before, why(before, now.get(table.getKey())));
            }
            Sql.execute(connection, "COMMIT");
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private static String why(TableId before, TableId now) {
        if (now == null) {
            return "it was dropped";
        }
        return now.equals(before) ? "it is a partition of another table now" : "it was renamed to " + now;
    }

    private void emitGone(Connection connection, int oid, TableId table, String why) throws SQLException {
        Sql.query(
                connection,
                "SELECT pg_catalog.pg_logical_emit_message(true, " + Sql.literal(TableMessage.PREFIX)
                        + ", pg_catalog.convert_to(pg_catalog.json_build_object('writer', ?::text, 'gone',"
                        + " pg_catalog.json_build_object('oid', " + Integer.toUnsignedString(oid)
                        + ", 'schema', ?::text, 'name', ?::text, 'why', ?::text))::text, 'UTF8'))::text",
                row -> row.getString(1),
                slot,
                table.schema(),
                table.name(),
                why);
    }
}
