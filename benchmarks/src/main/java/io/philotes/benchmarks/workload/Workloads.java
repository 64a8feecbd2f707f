// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.util.List;
import java.util.OptionalLong;

/** All that are streamed. Stateless. */
public final class Workloads {

    private static final List<Workload> ALL = List.of(
            new Inserts("narrow-insert", NarrowRows.table("narrow"), NarrowRows.COLUMNS, 2_000_000, 1_000),
            new Inserts("wide-insert", WideRows.TABLE, WideRows.COLUMNS, 1_000_000, 1_000),
            new RandomUpdates("update-heavy", 1_500_000, OptionalLong.empty()),
            new TpcB(),
            new Inserts("huge-transaction", NarrowRows.table("huge"), NarrowRows.COLUMNS, 2_000_000, Long.MAX_VALUE));

    private Workloads() {}

    public static List<Workload> all() {
        return ALL;
    }

    /** A table of small rows. */
    public static Workload narrowRows(long defaultRows) {
        return new Inserts("narrow", NarrowRows.table("narrow"), NarrowRows.COLUMNS, defaultRows, 1_000_000);
    }

    /** A table of large rows. */
    public static Workload wideRows(long defaultRows) {
        return new Inserts("wide", WideRows.TABLE, WideRows.COLUMNS, defaultRows, 1_000_000);
    }

    /** Changes of a table that has so many rows. */
    public static Workload updates(String name, long tableRows) {
        return new RandomUpdates(name, tableRows, OptionalLong.of(tableRows));
    }
}
