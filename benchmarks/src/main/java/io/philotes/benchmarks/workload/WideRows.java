// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.util.List;

/** Rows of thirty columns of the kinds that business tables have, some of them NULL, about four hundred bytes on the wire. Stateless. */
final class WideRows {

    /** A row for each {@code g}. */
    static final String COLUMNS = "g, (g % 7)::smallint, (g % 1000)::int, (g % 99991)::int, g * 3, g * 11 + 5,"
            + " (g % 1000000)::numeric(12, 2) / 100, (g % 777)::numeric(18, 6) / 8, nullif((g % 50)::numeric(9, 3), 0),"
            + " (g % 1000) * 0.25::float8, (g % 64) * 0.25::float4, g % 2 = 0, g % 3 = 0, nullif(g % 5, 0) = 1,"
            + " timestamptz '2026-01-01 00:00:00Z' + g * interval '1 millisecond',"
            + " timestamptz '2026-02-01 00:00:00Z' + g * interval '17 seconds',"
            + " timestamp '2026-03-01 00:00:00' + g * interval '1 second',"
            + " CASE WHEN g % 4 > 0 THEN timestamp '2020-01-01 00:00:00' + g * interval '3 seconds' END,"
            + " date '2000-01-01' + (g % 9000)::int, date '2010-01-01' + (g % 3000)::int,"
            + " md5(g::text)::uuid, substr(md5(g::text), 1, 12), 'customer ' || g, 'street ' || g % 5000,"
            + " (ARRAY['new', 'paid', 'sent', 'back'])[1 + g % 4], (ARRAY['NL', 'DE', 'FR', 'BE', 'AT'])[1 + g % 5],"
            + " CASE WHEN g % 10 = 0 THEN repeat('note ', 8) END, substr(md5((g * 7)::text), 1, 32),"
            + " jsonb_build_object('sku', g % 1000, 'gift', g % 9 = 0, 'tag', 'spring'),"
            + " CASE WHEN g % 3 = 0 THEN jsonb_build_object('k', g) END";

    static final SourceTable TABLE = new SourceTable(
            "wide",
            "(id bigint PRIMARY KEY, kind smallint, quantity int, code int, amount bigint, total bigint,"
                    + " price numeric(12, 2), rate numeric(18, 6), discount numeric(9, 3), score float8, weight float4,"
                    + " active boolean, visible boolean, checked boolean, created_at timestamptz,"
                    + " changed_at timestamptz, ordered_at timestamp, paid_at timestamp, born date, valid date, ref uuid,"
                    + " short_code text, customer text, street text, status varchar(10), country char(2), note text,"
                    + " token text, attributes jsonb, extra jsonb)",
            List.of(
                    new CheckedColumn("id", ColumnKind.INTEGER),
                    new CheckedColumn("code", ColumnKind.INTEGER),
                    new CheckedColumn("price", ColumnKind.DECIMAL),
                    new CheckedColumn("discount", ColumnKind.DECIMAL),
                    new CheckedColumn("score", ColumnKind.DOUBLE),
                    new CheckedColumn("checked", ColumnKind.BOOLEAN),
                    new CheckedColumn("changed_at", ColumnKind.TIMESTAMP_WITH_ZONE),
                    new CheckedColumn("paid_at", ColumnKind.TIMESTAMP),
                    new CheckedColumn("ref", ColumnKind.UUID_TEXT),
                    new CheckedColumn("customer", ColumnKind.TEXT),
                    new CheckedColumn("attributes", ColumnKind.TEXT)));

    private WideRows() {}
}
