// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * The Iceberg schema of a new table. In upsert mode key columns are required and identifier fields; every other column is
 * optional, whatever the source says, because Iceberg cannot take NOT NULL back from old files. In append mode nothing is
 * required. Stateless.
 */
public final class SchemaMapper {

    private SchemaMapper() {}

    /**
     * A schema for the relation's columns in wire order, with ids in that order; Iceberg assigns the final ids when the table
     * is created.
     *
     * @throws PhilotesException NO_IDENTITY when upsert mode meets a key column whose type cannot be a key,
     *     INVALID_CONFIGURATION when a type is chosen that makes no sense
     */
    public static Schema schema(RelationSchema relation, RowMode mode, TypePolicy policy) {
        policy.requireSensible(relation, mode.mirrors(), ErrorCode.INVALID_CONFIGURATION);
        Map<Integer, String> names = ColumnNames.assign(relation.columns(), mode);
        Set<Integer> keys = mode.mirrors() ? new HashSet<>(relation.keyColumns()) : Set.of();
        List<Types.NestedField> fields = new ArrayList<>();
        Set<Integer> identifiers = new HashSet<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            Column column = relation.columns().get(i);
            Type type = policy.mapping(column).type();
            int id = i + 1;
            if (keys.contains(i)) {
                requireKey(relation, column, type);
                identifiers.add(id);
            }
            String name = names.get(column.attnum());
            fields.add(
                    keys.contains(i)
                            ? Types.NestedField.required(id, name, type)
                            : Types.NestedField.optional(id, name, type));
        }
        mode.cdcColumns()
                .forEach((name, type) -> fields.add(Types.NestedField.optional(fields.size() + 1, name, type)));
        return new Schema(withNestedIds(fields), identifiers);
    }

    /** The same with every type's default. */
    public static Schema schema(RelationSchema relation, RowMode mode) {
        return schema(relation, mode, TypePolicy.NONE);
    }

    private static void requireKey(RelationSchema relation, Column column, Type type) {
        TypeMapping.keyProblem(column.type(), type).ifPresent(problem -> {
            throw new PhilotesException(
                            ErrorCode.NO_IDENTITY, "Cannot use column " + column.name() + " as a key: " + problem)
                    .inTable(relation.table())
                    .hinting(
                            "use mode append, or another key, or choose string for the column where a type policy can help");
        });
    }

    /** List elements are numbered behind the last column. */
    private static List<Types.NestedField> withNestedIds(List<Types.NestedField> fields) {
        AtomicInteger last = new AtomicInteger(fields.size());
        List<Types.NestedField> numbered = new ArrayList<>();
        for (Types.NestedField field : fields) {
            Type type = TypeUtil.assignFreshIds(field.type(), last::incrementAndGet);
            numbered.add(Types.NestedField.from(field).ofType(type).build());
        }
        return numbered;
    }

    /**
     * The field id of each column, by attnum, in a table that was created with {@link #schema} of the same relation.
     *
     * @throws PhilotesException TARGET_UNUSABLE when a column is missing there
     */
    public static Map<Integer, Integer> fieldIds(RelationSchema relation, Schema created, RowMode mode) {
        Map<Integer, Integer> ids = new LinkedHashMap<>();
        ColumnNames.assign(relation.columns(), mode).forEach((attnum, name) -> {
            Types.NestedField field = created.asStruct().field(name);
            if (field == null) {
                throw new PhilotesException(
                                ErrorCode.TARGET_UNUSABLE, "Cannot write to the target: it has no column " + name)
                        .inTable(relation.table());
            }
            ids.put(attnum, field.fieldId());
        });
        return ids;
    }
}
