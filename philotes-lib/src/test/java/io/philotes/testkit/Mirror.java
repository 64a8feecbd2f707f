// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Table;

/** Compares a source table with its target, row by row, as multisets. */
public final class Mirror {

    private static final String DELETED = "_cdc_deleted";

    private Mirror() {}

    /** Fails, naming rows, unless the target holds exactly the source's rows in all the source's columns. */
    public static void assertEqual(Connection source, TableId table, Table target) throws SQLException {
        assertEqual(source, table, columns(source, table), target);
    }

    /** The same in these columns; rows that are kept although they were deleted do not count. */
    public static void assertEqual(Connection source, TableId table, List<String> columns, Table target)
            throws SQLException {
        Map<List<String>, Integer> difference = counted(rows(source, table, columns));
        counted(live(target, columns)).forEach((row, count) -> difference.merge(row, -count, Integer::sum));
        difference.values().removeIf(count -> count == 0);
        assertThat(difference)
                .as("rows of %s and how often the target lacks them", table)
                .isEmpty();
    }

    private static List<List<String>> live(Table target, List<String> columns) {
        target.refresh();
        if (target.schema().findField(DELETED) == null) {
            return Lake.rows(target, columns);
        }
        List<String> all = Stream.concat(columns.stream(), Stream.of(DELETED)).toList();
        return Lake.rows(target, all).stream()
                .filter(row -> row.get(columns.size()).startsWith("f"))
                .map(row -> row.subList(0, columns.size()))
                .toList();
    }

    private static Map<List<String>, Integer> counted(List<List<String>> rows) {
        Map<List<String>, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row, 1, Integer::sum));
        return counts;
    }

    public static List<String> columns(Connection source, TableId table) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table.toSql() + " LIMIT 0")) {
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                columns.add(rows.getMetaData().getColumnName(i));
            }
            return columns;
        }
    }

    public static List<List<String>> rows(Connection source, TableId table, List<String> columns) throws SQLException {
        String list = columns.stream().map(c -> TableId.quote(c) + "::text").collect(Collectors.joining(", "));
        try (Statement statement = source.createStatement()) {
            statement.execute("SET timezone = 'UTC'");
            List<List<String>> all = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT " + list + " FROM " + table.toSql())) {
                while (rows.next()) {
                    List<String> row = new ArrayList<>(columns.size());
                    for (int i = 1; i <= columns.size(); i++) {
                        row.add(rows.getString(i));
                    }
                    all.add(row);
                }
            }
            return all;
        }
    }
}
