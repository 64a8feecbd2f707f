// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.sink.iceberg.internal.value.TypeChoice;
import io.philotes.source.postgres.Mask;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of single columns of a table. Names are as PostgreSQL stores them. Immutable.
 *
 * @param exclude columns that are left out, default none
 * @param mask columns whose values are replaced, with what; default none
 * @param types Iceberg types by column, where the default is not wanted: {@code string} or {@code decimal(p,s)}
 */
public record ColumnsConfig(List<String> exclude, Map<String, Mask> mask, Map<String, String> types) {

    /** Every column, as it is. */
    static final ColumnsConfig ALL = new ColumnsConfig(null, null, null);

    public ColumnsConfig {
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
        mask = mask == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(mask));
        types = types == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(types));
        Set<String> leftOut = new HashSet<>();
        for (String column : exclude) {
            if (!leftOut.add(column)) {
                throw new IllegalArgumentException("exclude names column " + column + " twice");
            }
        }
        apart("mask", mask.keySet(), leftOut, "is left out: it has no values to mask");
        apart("types", types.keySet(), leftOut, "is left out: it has no type");
        apart("types", types.keySet(), mask.keySet(), "is masked: what stands in its place is text");
        types.forEach((column, type) -> TypeChoice.faultIn(type).ifPresent(fault -> {
            throw new IllegalArgumentException("types column " + column + ": " + fault);
        }));
    }

    private static void apart(String key, Set<String> columns, Set<String> others, String why) {
        for (String column : columns) {
            if (others.contains(column)) {
                throw new IllegalArgumentException(key + " names column " + column + ", which " + why);
            }
        }
    }

    /** Whether the values of a column are left out or replaced. */
    boolean hasRules() {
        return !exclude.isEmpty() || !mask.isEmpty();
    }
}
