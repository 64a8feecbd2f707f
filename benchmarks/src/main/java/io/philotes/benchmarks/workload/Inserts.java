// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Rows that are only inserted, in transactions of one size. Immutable. */
final class Inserts implements Workload {

    private final String name;
    private final SourceTable table;
    private final String columns;
    private final long defaultRows;
    private final long perTransaction;

    /** @param columns the row for each {@code g}, which counts from 1 */
    Inserts(String name, SourceTable table, String columns, long defaultRows, long perTransaction) {
        this.name = Objects.requireNonNull(name, "name");
        this.table = Objects.requireNonNull(table, "table");
        this.columns = Objects.requireNonNull(columns, "columns");
        this.defaultRows = defaultRows;
        this.perTransaction = perTransaction;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long defaultRows() {
        return defaultRows;
    }

    @Override
    public List<SourceTable> tables() {
        return List.of(table);
    }

    @Override
    public long change(SourceSession source, long rows) throws SQLException {
        String insert = "INSERT INTO " + table.qualified() + " SELECT " + columns
                + " FROM generate_series(changes + 1, least(changes + step, total)) g;";
        Generator generator = new Generator(
                "step bigint := " + Math.min(perTransaction, rows) + ";",
                "WHILE changes < total LOOP " + insert + " COMMIT; changes := least(changes + step, total); END LOOP;");
        return generator.run(source, rows);
    }
}
