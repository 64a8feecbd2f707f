// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a list of tables must keep. */
final class TableRules {

    private TableRules() {}

    static void check(List<TableConfig> tables) {
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("tables must name at least one table");
        }
        Set<String> seen = new HashSet<>();
        Set<String> targets = new HashSet<>();
        for (TableConfig table : tables) {
            if (!seen.add(table.table())) {
                throw new IllegalArgumentException("tables names " + table.table() + " twice");
            }
            if (table.target().isPresent() && !targets.add(table.target().get())) {
                throw new IllegalArgumentException("tables has two entries with the target "
                        + table.target().get());
            }
        }
    }
}
