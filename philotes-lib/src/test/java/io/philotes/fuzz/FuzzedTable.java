// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table as it is now, read from the catalog before each random statement.
 *
 * @param columns names and types, without those that are generated
 * @param primaryKey the name of the constraint, empty without one
 * @param indexes the names of unique indexes that may be a replica identity
 */
record FuzzedTable(
        String name,
        boolean partitioned,
        Map<String, String> columns,
        List<String> generated,
        List<String> partitions,
        String primaryKey,
        List<String> indexes) {

    private static final String TABLES =
            "SELECT relname, relkind = 'p' FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    + " AND relkind IN ('r', 'p') AND NOT relispartition AND relname LIKE 't%' ORDER BY relname";

    static List<FuzzedTable> all(Connection connection) throws SQLException {
        List<FuzzedTable> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                String name = rows.getString(1);
                String oid = " = '" + name + "'::regclass";
                tables.add(new FuzzedTable(
                        name,
                        rows.getBoolean(2),
                        columns(connection, oid),
                        names(connection, "attname FROM pg_attribute WHERE attgenerated <> '' AND attrelid" + oid),
                        names(connection, "inhrelid::regclass::text FROM pg_inherits WHERE inhparent" + oid),
                        String.join(
                                "",
                                names(connection, "conname FROM pg_constraint WHERE contype = 'p' AND conrelid" + oid)),
                        names(
                                connection,
                                "indexrelid::regclass::text FROM pg_index WHERE indisunique AND indimmediate AND indrelid"
                                        + oid)));
            }
        }
        return tables;
    }

    private static Map<String, String> columns(Connection connection, String oid) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
                        + " WHERE attrelid" + oid + " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
                        + " ORDER BY attnum")) {
            while (rows.next()) {
                columns.put(rows.getString(1), rows.getString(2));
            }
        }
        return columns;
    }

    private static List<String> names(Connection connection, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + query + " ORDER BY 1")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Let it be mirrored whatever its key is; the server takes no update that has an unpublished column in its identity. */
    List<String> mending() {
        List<String> statements = new ArrayList<>();
        generated.forEach(
                column -> statements.add("ALTER TABLE " + name + " ALTER COLUMN " + column + " DROP EXPRESSION"));
        statements.add("ALTER TABLE " + name + " REPLICA IDENTITY FULL");
        partitions.forEach(one -> statements.add("ALTER TABLE " + one + " REPLICA IDENTITY FULL"));
        return statements;
    }

    /** What rows are named by: {@code id}, which may have been renamed or dropped. */
    String key() {
        return columns.containsKey("id") || !columns.containsKey("key") ? "id" : "key";
    }

    /** Columns that statements may change: all but the key. */
    List<String> free() {
        return columns.keySet().stream().filter(c -> !c.equals(key())).toList();
    }
}
