// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.util.List;

/**
 * Which tables are mirrored. Immutable.
 *
 * @param included patterns of what is
 * @param excluded patterns of what is not, although an included one matches it
 */
record TableSelection(List<TablePattern> included, List<TablePattern> excluded) {

    TableSelection {
        included = List.copyOf(included);
        excluded = List.copyOf(excluded);
    }

    boolean covers(TableId table) {
        return included.stream().anyMatch(pattern -> pattern.matches(table)) && !leavesOut(table);
    }

    boolean leavesOut(TableId table) {
        return excluded.stream().anyMatch(pattern -> pattern.matches(table));
    }

    /** Whether the table is included by its own name. */
    boolean names(TableId table) {
        return included.stream().anyMatch(pattern -> !pattern.isGlob() && pattern.matches(table));
    }

    /** The patterns, for people. */
    @Override
    public String toString() {
        return included + (excluded.isEmpty() ? "" : " but " + excluded);
    }
}
