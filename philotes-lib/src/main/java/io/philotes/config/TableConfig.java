// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.model.TableId;
import io.philotes.sink.iceberg.WriteMode;
import java.util.List;
import java.util.Optional;

/**
 * One table, or a pattern of tables. Immutable.
 *
 * @param table {@code schema.table}; {@code *} stands for any characters; a pattern's keys go for every table that
 *     matches it and has no entry of its own, and cannot be {@code target}, {@code where} and rules of columns
 * @param target the target's name in the pipeline's namespace, default the source's own name
 * @param mode how rows are kept, default {@code upsert}
 * @param partitionBy Iceberg partition fields, such as {@code day(created_at)}; default none
 * @param columns what becomes of single columns, default nothing special
 * @param where an SQL condition that mirrored rows meet, evaluated by PostgreSQL; default none
 * @param softDelete whether deleted rows stay, marked as such; default false
 * @param cdcColumns whether rows of mode upsert tell of the change that wrote them; default false
 */
public record TableConfig(
        @Required String table,
        Optional<String> target,
        WriteMode mode,
        List<String> partitionBy,
        ColumnsConfig columns,
        Optional<String> where,
        Boolean softDelete,
        Boolean cdcColumns) {

    public TableConfig {
        target = target == null ? Optional.empty() : target;
        mode = mode == null ? WriteMode.UPSERT : mode;
        partitionBy = partitionBy == null ? List.of() : List.copyOf(partitionBy);
        columns = columns == null ? ColumnsConfig.ALL : columns;
        where = where == null ? Optional.empty() : where;
        softDelete = softDelete != null && softDelete;
        cdcColumns = cdcColumns != null && cdcColumns;
        TableEntries.checkName("table", table);
        boolean single = target.isPresent() || where.isPresent() || columns.hasRules();
        if (TableEntries.isPattern(table) && single) {
            throw new IllegalArgumentException(
                    "table is a pattern, which takes no target, where, columns.exclude and columns.mask: name the table");
        }
        if (target.isPresent() && !target.get().matches("[^.\\s]+")) {
            throw new IllegalArgumentException("target must be one name: the namespace is the pipeline's");
        }
        if (where.isPresent() && where.get().isBlank()) {
            throw new IllegalArgumentException("where must be an SQL condition, such as country = 'NL'");
        }
        TableEntries.checkMode(mode, softDelete, cdcColumns);
    }

    /** The short form: just the name. */
    public static TableConfig of(String table) {
        return new TableConfig(table, null, null, null, null, null, null, null);
    }

    boolean isPattern() {
        return TableEntries.isPattern(table);
    }

    /** The table; of a pattern there is none. */
    TableId id() {
        return TableId.parse(table);
    }
}
