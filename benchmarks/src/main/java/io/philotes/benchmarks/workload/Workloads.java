// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.util.List;
import java.util.Optional;

/** All that are streamed. Stateless. */
public final class Workloads {

    private static final List<Workload> ALL = List.of(
            new Inserts("narrow-insert", NarrowRows.table("narrow"), NarrowRows.COLUMNS, 2_000_000, 1_000),
            new RandomUpdates("update-heavy", 1_500_000, null));

    private Workloads() {}

    public static List<Workload> all() {
        return ALL;
    }

    public static Optional<Workload> named(String name) {
        return ALL.stream().filter(workload -> workload.name().equals(name)).findFirst();
    }
}
