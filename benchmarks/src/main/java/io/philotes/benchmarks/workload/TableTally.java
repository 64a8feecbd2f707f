// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.util.Map;

/**
 * What is compared of one table. Immutable.
 *
 * @param rows how many there are
 * @param columns by name
 */
public record TableTally(long rows, Map<String, ColumnTally> columns) {

    public TableTally {
        columns = Map.copyOf(columns);
    }
}
