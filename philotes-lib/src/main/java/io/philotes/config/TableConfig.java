// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.model.TableId;
import io.philotes.sink.iceberg.WriteMode;
import java.util.List;
import java.util.Optional;

/**
 * One table, or a pattern of tables. Immutable.
 *
 * @param table {@code schema.table}; {@code *} stands for any letters, then the other keys must be absent
 * @param target the target's name in the pipeline's namespace, default the source's own name
 * @param mode how rows are kept, default {@code upsert}
 * @param partitionBy Iceberg partition fields, such as {@code day(created_at)}; default none
 */
public record TableConfig(@Required String table, Optional<String> target, WriteMode mode, List<String> partitionBy) {

    public TableConfig {
        target = target == null ? Optional.empty() : target;
        mode = mode == null ? WriteMode.UPSERT : mode;
        partitionBy = partitionBy == null ? List.of() : List.copyOf(partitionBy);
        boolean plain = target.isEmpty() && mode == WriteMode.UPSERT && partitionBy.isEmpty();
        if (isPattern(table) && !plain) {
            throw new IllegalArgumentException("a pattern takes no target, mode or partition-by: name the table");
        }
        if (!isPattern(table)) {
            TableId.parse(table);
        }
        if (target.isPresent() && !target.get().matches("[^.\\s]+")) {
            throw new IllegalArgumentException("target must be one name: the namespace is the pipeline's");
        }
    }

    /** The short form: just the name. */
    public static TableConfig of(String table) {
        return new TableConfig(table, null, null, null);
    }

    private static boolean isPattern(String text) {
        return text.contains("*");
    }

    boolean isPattern() {
        return isPattern(table);
    }
}
