// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table at the source. Immutable.
 *
 * @param name without schema, which is {@link #SCHEMA}
 * @param definition its columns, as CREATE TABLE wants them, in parentheses
 * @param checked the columns that are compared after each measurement; they also say what a reader would project
 */
public record SourceTable(String name, String definition, List<CheckedColumn> checked) {

    /** A schema of its own, so that nothing else at a server that is not ours is touched. */
    public static final String SCHEMA = "philotes_benchmark";

    public SourceTable {
        checked = List.copyOf(checked);
    }

    /** With its schema. */
    public String qualified() {
        return SCHEMA + "." + name;
    }

    public List<String> checkedNames() {
        return checked.stream().map(CheckedColumn::name).toList();
    }

    public TallyBuilder tally() {
        return new TallyBuilder(checked);
    }

    /** Counts the rows that are in the source now. */
    public TableTally tallyOf(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(tallyQuery())) {
            row.next();
            Map<String, ColumnTally> columns = new HashMap<>();
            for (int i = 0; i < checked.size(); i++) {
                columns.put(checked.get(i).name(), columnTally(row, 2 + i * 4));
            }
            return new TableTally(row.getLong(1), columns);
        }
    }

    private static ColumnTally columnTally(ResultSet row, int first) throws SQLException {
        return new ColumnTally(
                row.getLong(first), number(row, first + 1), number(row, first + 2), number(row, first + 3));
    }

    private static BigDecimal number(ResultSet row, int column) throws SQLException {
        BigDecimal number = row.getBigDecimal(column);
        return number == null ? BigDecimal.ZERO : number;
    }

    private String tallyQuery() {
        StringBuilder sql = new StringBuilder("SELECT count(*)");
        for (CheckedColumn column : checked) {
            String number = column.kind().sql(column.name());
            sql.append(String.format(", count(%1$s), sum(%2$s), min(%2$s), max(%2$s)", column.name(), number));
        }
        return sql.append(" FROM ").append(qualified()).toString();
    }
}
