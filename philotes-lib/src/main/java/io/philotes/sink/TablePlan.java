// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.TableId;
import java.util.List;
import java.util.Objects;

/**
 * What a start would do for one table. Immutable.
 *
 * @param table the source table
 * @param target the target's full name
 * @param action {@code create} (and copy), {@code keep}, {@code copy again}, {@code forget} or {@code refuse}; the first note says
 *     why
 * @param mode how rows are kept, such as {@code upsert by key (id)}
 * @param columns each column's mapping
 * @param indexBytesPerRow memory that the sink keeps per row, about
 * @param notes what somebody should know
 */
public record TablePlan(
        TableId table,
        String target,
        String action,
        String mode,
        List<ColumnPlan> columns,
        int indexBytesPerRow,
        List<String> notes) {

    /**
     * One column's mapping.
     *
     * @param name the source column
     * @param sourceType its PostgreSQL type
     * @param targetType the sink's type
     * @param exact whether every value is kept: as what it is, or as its exact text
     * @param note what is rejected or kept otherwise, or empty
     */
    public record ColumnPlan(String name, String sourceType, String targetType, boolean exact, String note) {}

    /** The same, said of one of several sinks. */
    public TablePlan inSink(String sink) {
        return new TablePlan(table, sink + ": " + target, action, mode, columns, indexBytesPerRow, notes);
    }

    public TablePlan {
        Objects.requireNonNull(table, "table");
        columns = List.copyOf(columns);
        notes = List.copyOf(notes);
    }
}
