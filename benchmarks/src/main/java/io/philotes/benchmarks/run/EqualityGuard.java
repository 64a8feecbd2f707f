// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.server.Source;
import io.philotes.benchmarks.workload.SourceTable;
import io.philotes.benchmarks.workload.TableTally;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the lake with the source: number of rows, and count, sum, least and greatest of each column that is checked. A
 * figure of a wrong table is no figure. Immutable.
 */
public final class EqualityGuard {

    private final Map<SourceTable, TableTally> expected;

    EqualityGuard(Map<SourceTable, TableTally> expected) {
        this.expected = expected;
    }

    /** Takes the source as it is now. */
    public static EqualityGuard of(Source source, List<SourceTable> tables) throws SQLException {
        Map<SourceTable, TableTally> tallies = new LinkedHashMap<>();
        try (Connection connection = source.connect()) {
            for (SourceTable table : tables) {
                tallies.put(table, table.tallyOf(connection));
            }
        }
        return new EqualityGuard(tallies);
    }

    /** @throws BenchmarkException when a table differs */
    public void require(Lake lake) {
        expected.forEach((table, source) -> {
            TableTally found = lake.tallyOf(table);
            if (!found.equals(source)) {
                throw new BenchmarkException(
                        "The lake is wrong, table=" + table.name() + ": source " + source + ", lake " + found);
            }
        });
    }
}
