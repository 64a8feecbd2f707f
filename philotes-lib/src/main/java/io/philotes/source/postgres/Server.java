// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.TableSize;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Questions about the server as a whole and the size of its tables. Stateless. */
final class Server {

    /** SQL for the WAL's end. */
    static final String WAL_END = "pg_catalog.pg_current_wal_flush_lsn()";

    private static final String SIZES = "SELECT n.nspname, t.relname, CASE WHEN bool_and(c.reltuples < 0) THEN -1"
            + " ELSE sum(greatest(c.reltuples, 0)) END::int8, sum(pg_catalog.pg_table_size(c.oid))::int8"
            + " FROM unnest(?::text[], ?::text[]) wanted (schema, name)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema"
            + " JOIN pg_catalog.pg_class t ON t.relnamespace = n.oid AND t.relname = wanted.name,"
            + " LATERAL (SELECT t.oid WHERE t.relkind = 'r' UNION ALL"
            + " SELECT p.relid FROM pg_catalog.pg_partition_tree(t.oid) p WHERE t.relkind = 'p' AND p.isleaf)"
            + " leaf (oid) JOIN pg_catalog.pg_class c ON c.oid = leaf.oid GROUP BY n.nspname, t.relname";

    private static final TableSize UNKNOWN_SIZE = new TableSize(-1, 0);

    private Server() {}

    static Lsn walEnd(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT " + WAL_END + "::text", row -> Lsn.parse(row.getString(1)))
                .get(0);
    }

    /** After how long a silence a walsender ends its connection, this one; zero when it never does. */
    static Duration walsenderTimeout(Connection replication) throws SQLException {
        String sql = "SELECT setting::int8 FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'";
        return Sql.query(replication, sql, row -> Duration.ofMillis(row.getLong(1)))
                .get(0);
    }

    /** Behind everything that was written so far, on disk or not. */
    static Lsn walInsertEnd(Connection connection) throws SQLException {
        String sql = "SELECT pg_catalog.pg_current_wal_insert_lsn()::text";
        return Sql.query(connection, sql, row -> Lsn.parse(row.getString(1))).get(0);
    }

    /**
     * Brings everything that was written so far to the disk: a commit that waits for it waits for all that is before it. The
     * position where the WAL was written to ends at a record, as every position that a walsender reaches; that of the
     * insertion may lie behind a page's header.
     */
    static void writeToDisk(Connection connection) throws SQLException {
        Sql.execute(connection, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        Sql.execute(connection, "SET LOCAL synchronous_commit = local");
        Sql.query(connection, "SELECT pg_catalog.pg_logical_emit_message(true, 'philotes_hb', '')::text", row -> row);
        Sql.execute(connection, "COMMIT");
    }

    /** The version's number alone, such as {@code 17.11}. */
    static String version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion().split(" ", 2)[0];
    }

    /** A partitioned table's size is that of its leaves; unknown when there is none, or no such table any more. */
    static Map<TableId, TableSize> sizes(Connection connection, Collection<TableId> tables) throws SQLException {
        Map<TableId, TableSize> sizes = new HashMap<>();
        tables.forEach(table -> sizes.put(table, UNKNOWN_SIZE));
        Object[] schemas = tables.stream().map(TableId::schema).toArray();
        Object[] names = tables.stream().map(TableId::name).toArray();
        Sql.query(
                connection,
                SIZES,
                row -> sizes.put(
                        new TableId(row.getString(1), row.getString(2)), new TableSize(row.getLong(3), row.getLong(4))),
                connection.createArrayOf("text", schemas),
                connection.createArrayOf("text", names));
        return sizes;
    }
}
