// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/** A table as the source shows it. */
final class SourceTable {

    private SourceTable() {}

    static List<String> columns(Connection connection, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT attname FROM pg_attribute WHERE attrelid = '" + table
                        + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        return columns;
    }

    /** Each row as canonical text, in the order of the lake's columns. */
    static List<List<String>> rows(Connection connection, String table, List<Types.NestedField> columns)
            throws SQLException {
        String expressions = columns.stream()
                .map(c -> CanonicalText.sourceExpression('"' + c.name() + '"', c.type()))
                .collect(Collectors.joining(", "));
        List<List<String>> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + expressions + " FROM " + table)) {
            while (rows.next()) {
                List<String> values = new ArrayList<>(columns.size());
                for (int i = 0; i < columns.size(); i++) {
                    values.add(CanonicalText.ofSource(columns.get(i).type(), rows.getString(i + 1)));
                }
                result.add(values);
            }
        }
        return result;
    }
}
