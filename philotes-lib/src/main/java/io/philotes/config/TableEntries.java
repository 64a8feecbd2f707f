// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.model.TableId;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.source.postgres.TablePattern;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the entries of a list of tables must keep. */
final class TableEntries {

    private TableEntries() {}

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

    /** What {@code exclude} takes away must not be what {@code tables} names. */
    static void checkExcluded(List<TableConfig> tables, List<String> excluded) {
        Set<String> seen = new HashSet<>();
        for (String pattern : excluded) {
            checkName("exclude", pattern);
            if (!seen.add(pattern)) {
                throw new IllegalArgumentException("exclude names " + pattern + " twice");
            }
        }
        for (TableConfig table : tables) {
            if (seen.contains(table.table())) {
                throw new IllegalArgumentException("exclude leaves out " + table.table() + ", which tables names");
            }
        }
    }

    static void checkName(String key, String text) {
        try {
            TableId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " is " + e.getMessage(), e);
        }
    }

    static boolean isPattern(String text) {
        return TablePattern.parse(text).isGlob();
    }

    static void checkMode(WriteMode mode, boolean softDelete, boolean cdcColumns) {
        if (mode == WriteMode.APPEND && softDelete) {
            throw new IllegalArgumentException("soft-delete belongs to mode upsert: append keeps every change");
        }
        if (mode == WriteMode.APPEND && cdcColumns) {
            throw new IllegalArgumentException("cdc-columns belongs to mode upsert: append always has them");
        }
    }
}
