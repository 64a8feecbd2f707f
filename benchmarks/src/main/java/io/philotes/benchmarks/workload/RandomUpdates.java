// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Changes of random keys of a loaded table: eight in ten updates, one a delete, one an insert of a deleted key; a hundred in
 * a transaction. Immutable.
 */
final class RandomUpdates implements Workload {

    private static final SourceTable TABLE = NarrowRows.table("updated");

    private static final String CHANGE =
            "UPDATE %1$s SET quantity = quantity + 1, amount = amount + 3, price = price + 0.25"
                    + " WHERE id = ANY (ARRAY(SELECT 1 + floor(random() * %2$d)::bigint FROM generate_series(1, 80)));"
                    + " GET DIAGNOSTICS done = ROW_COUNT; changes := changes + done;"
                    + " INSERT INTO %1$s SELECT %3$s FROM unnest(gone) g; changes := changes + cardinality(gone);"
                    + " WITH deleted AS (DELETE FROM %1$s"
                    + " WHERE id = ANY (ARRAY(SELECT 1 + floor(random() * %2$d)::bigint FROM generate_series(1, 10)))"
                    + " RETURNING id) SELECT coalesce(array_agg(id), '{}') INTO gone FROM deleted;"
                    + " changes := changes + cardinality(gone);";

    private final String name;
    private final long defaultRows;
    private final OptionalLong tableRows;

    /** @param tableRows how many the table has; empty for half as many as there are changes */
    RandomUpdates(String name, long defaultRows, OptionalLong tableRows) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultRows = defaultRows;
        this.tableRows = tableRows;
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
        return List.of(TABLE);
    }

    private long tableRows(long rows) {
        return tableRows.orElse(Math.max(1, rows / 2));
    }

    @Override
    public void load(SourceSession source, long rows) throws SQLException {
        source.execute(NarrowRows.insert(TABLE, "1", Long.toString(tableRows(rows))));
    }

    @Override
    public void touch(SourceSession source) throws SQLException {
        source.execute("UPDATE " + TABLE.qualified() + " SET quantity = quantity + 1 WHERE id = 1");
    }

    @Override
    public long change(SourceSession source, long rows) throws SQLException {
        String change = String.format(Locale.ROOT, CHANGE, TABLE.qualified(), tableRows(rows), NarrowRows.COLUMNS);
        Generator generator = new Generator(
                "done bigint; gone bigint[] := '{}';",
                "PERFORM setseed(0.5); WHILE changes < total LOOP " + change + " COMMIT; END LOOP;");
        return generator.run(source, rows);
    }
}
