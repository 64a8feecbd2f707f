// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.Column;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.avro.AvroSchemaUtil;

/**
 * Names of Iceberg columns. A source name stays as it is unless Iceberg or its readers cannot live with it; then it is
 * escaped so that no two columns can meet:
 *
 * <ul>
 *   <li>a dot becomes {@code _u002e_} (Iceberg reads it as a path);
 *   <li>the first underscore of a name that Iceberg reserves ({@code _file}, {@code _pos}, {@code _row_id}, ...), in any
 *       case, becomes {@code _u005f_}; in a table with {@link CdcColumns} also that of {@code _cdc_…};
 *   <li>of names that differ in case only, or that Parquet cannot tell apart, the oldest column keeps its name and the
 *       others get {@code _n} + four hexadecimal digits of their attnum + {@code _} behind it;
 *   <li>the underscore of what looks like such an escape becomes {@code _u005f_}, so that the rules are injective.
 * </ul>
 *
 * Stateless.
 */
public final class ColumnNames {

    private static final Set<String> RESERVED = Set.of(
            "_file",
            "_pos",
            "_deleted",
            "_spec_id",
            "_partition",
            "_row_id",
            "_last_updated_sequence_number",
            "_change_type",
            "_change_ordinal",
            "_commit_snapshot_id");

    private static final Pattern LOOKS_ESCAPED = Pattern.compile("_(?=[unUN][0-9a-fA-F]{4}(?:_|\\.|$))");

    private static final String UNDERSCORE = "_u005f_";

    private ColumnNames() {}

    /** The name of each column of a new table, by attnum. */
    public static Map<Integer, String> assign(List<Column> columns, RowMode mode) {
        List<Column> byAge = new ArrayList<>(columns);
        byAge.sort(Comparator.comparingInt(Column::attnum));
        List<String> taken = new ArrayList<>();
        Map<Integer, String> names = new LinkedHashMap<>();
        for (Column column : byAge) {
            String name = free(column, taken, mode);
            names.put(column.attnum(), name);
            taken.add(name);
        }
        return names;
    }

    /** The name for one column that is added or renamed, given the names of all other columns of the table. */
    public static String free(Column column, Collection<String> taken, RowMode mode) {
        String name = escape(column.name(), mode);
        Set<String> seen = new HashSet<>();
        taken.forEach(other -> seen.add(seenAs(other)));
        if (!seen.contains(seenAs(name))) {
            return name;
        }
        return name + String.format(Locale.ROOT, "_n%04x_", column.attnum());
    }

    private static String seenAs(String name) {
        return AvroSchemaUtil.makeCompatibleName(name).toLowerCase(Locale.ROOT);
    }

    private static String escape(String name, RowMode mode) {
        String escaped = LOOKS_ESCAPED.matcher(name).replaceAll(UNDERSCORE).replace(".", "_u002e_");
        String lower = name.toLowerCase(Locale.ROOT);
        boolean reserved = RESERVED.contains(lower) || (mode.hasCdcColumns() && lower.startsWith(CdcColumns.PREFIX));
        return reserved ? UNDERSCORE + escaped.substring(1) : escaped;
    }
}
