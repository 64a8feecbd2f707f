// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.sink.iceberg.internal.value.InitialDefault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Types;

/**
 * What rows that are older than a new column show in it: the column's {@code initial-default}, which readers put where a
 * file does not have the column, or NULL. Immutable.
 *
 * @param defaults what they rightly show, where it is not NULL
 * @param wrong why they show something else than at the source, by column
 */
record OlderRows(Map<Column, Literal<?>> defaults, List<String> wrong) {

    private static final int FIRST_FORMAT_WITH_DEFAULTS = 3;

    /** Of columns that are added to a table. */
    static OlderRows of(Collection<Column> added, Table table, TableWriter writer) {
        OlderRows older = new OlderRows(new LinkedHashMap<>(), new ArrayList<>());
        for (Column column : added) {
            if (column.attnum() <= writer.known().highestAttnum()) {
                older.wrong.add(
                        "column " + column.name() + " was there before and is mirrored only now: older rows show NULL");
            } else if (column.missingValue().isPresent()) {
                older.show(column, table, writer);
            }
        }
        return older;
    }

    private void show(Column column, Table table, TableWriter writer) {
        boolean canHaveDefault =
                writer.mode().mirrors() && TableUtil.formatVersion(table) >= FIRST_FORMAT_WITH_DEFAULTS;
        InitialDefault.of(writer.policy(), column)
                .filter(literal -> canHaveDefault)
                .ifPresentOrElse(
                        literal -> defaults.put(column, literal),
                        () -> wrong.add("column " + column.name() + " was added with a default: older rows show NULL"));
    }

    /**
     * The table's schema for files of a relation version, without the columns that are newer than it and have such a default:
     * after a crash an older version comes again when the schema has the column already, and a NULL in the file would hide
     * the default.
     */
    static Schema schema(Table table, Map<Integer, Integer> fieldIds, RelationSchema version) {
        Set<Integer> fed = version.columns().stream()
                .map(Column::attnum)
                .map(fieldIds::get)
                .collect(Collectors.toSet());
        Schema schema = table.schema();
        return new Schema(
                schema.schemaId(),
                schema.columns().stream()
                        .filter(field -> fed.contains(field.fieldId()) || !fills(field, fieldIds))
                        .toList(),
                schema.identifierFieldIds());
    }

    private static boolean fills(Types.NestedField field, Map<Integer, Integer> fieldIds) {
        return field.initialDefaultLiteral() != null && fieldIds.containsValue(field.fieldId());
    }
}
