// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.util.List;

/** Rows of six small columns, about a hundred bytes on the wire. Stateless. */
final class NarrowRows {

    /** A row for each {@code g}. */
    static final String COLUMNS = "g, (g % 1000)::int, g * 7, (g % 100000) * 0.25::float8,"
            + " timestamptz '2026-01-01 00:00:00Z' + g * interval '1 millisecond', substr(md5(g::text), 1, 20)";

    private NarrowRows() {}

    static SourceTable table(String name) {
        return new SourceTable(
                name,
                "(id bigint PRIMARY KEY, quantity int NOT NULL, amount bigint NOT NULL, price float8 NOT NULL,"
                        + " changed_at timestamptz NOT NULL, note text NOT NULL)",
                List.of(
                        new CheckedColumn("id", ColumnKind.INTEGER),
                        new CheckedColumn("quantity", ColumnKind.INTEGER),
                        new CheckedColumn("amount", ColumnKind.INTEGER),
                        new CheckedColumn("price", ColumnKind.DOUBLE),
                        new CheckedColumn("changed_at", ColumnKind.TIMESTAMP_WITH_ZONE),
                        new CheckedColumn("note", ColumnKind.TEXT)));
    }

    static String insert(SourceTable table, String from, String to) {
        return "INSERT INTO " + table.qualified() + " SELECT " + COLUMNS + " FROM generate_series(" + from + ", " + to
                + ") g;";
    }
}
