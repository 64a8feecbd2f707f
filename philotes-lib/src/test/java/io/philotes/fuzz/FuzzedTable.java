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

/** A table as it is now, read from the catalog before each random statement. */
record FuzzedTable(String name, boolean partitioned, Map<String, String> columns, List<String> partitions) {

    private static final String TABLES =
            "SELECT relname, relkind = 'p' FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    + " AND relkind IN ('r', 'p') AND NOT relispartition AND relname LIKE 't%' ORDER BY relname";

    static List<FuzzedTable> all(Connection connection) throws SQLException {
        List<FuzzedTable> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                String name = rows.getString(1);
                tables.add(new FuzzedTable(
                        name, rows.getBoolean(2), columns(connection, name), partitions(connection, name)));
            }
        }
        return tables;
    }

    private static Map<String, String> columns(Connection connection, String table) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
                        + " WHERE attrelid = '" + table + "'::regclass AND attnum > 0 AND NOT attisdropped"
                        + " ORDER BY attnum")) {
            while (rows.next()) {
                columns.put(rows.getString(1), rows.getString(2));
            }
        }
        return columns;
    }

    private static List<String> partitions(Connection connection, String table) throws SQLException {
        List<String> partitions = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT inhrelid::regclass::text FROM pg_inherits"
                        + " WHERE inhparent = '" + table + "'::regclass ORDER BY 1")) {
            while (rows.next()) {
                partitions.add(rows.getString(1));
            }
        }
        return partitions;
    }

    /** Columns that statements may change: all but the key. */
    List<String> free() {
        return columns.keySet().stream().filter(c -> !c.equals("id")).toList();
    }
}
