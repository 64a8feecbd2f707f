// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.sink.iceberg.internal.value.ColumnNames;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.TypeMapping;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/**
 * What it takes for a table's schema to fit a relation version; columns are the same when their attnums are. Immutable.
 *
 * @param dropped field ids of columns that are gone
 * @param renamed new names by field id
 * @param widened new types by field id
 * @param added new columns, with the names they get
 */
record SchemaDiff(
        List<Integer> dropped,
        Map<Integer, String> renamed,
        Map<Integer, Type.PrimitiveType> widened,
        Map<Column, String> added) {

    /**
     * Compares. A column dropped and added again under its name is dropped and added here, too: the source tells no relation
     * version whose columns it had to guess.
     *
     * @param fieldIds attnum to field id, as the table's property has it
     * @throws PhilotesException SCHEMA_CHANGE when Iceberg cannot follow
     */
    static SchemaDiff between(
            Schema schema, Map<Integer, Integer> fieldIds, RelationSchema relation, RowMode mode, TypePolicy policy) {
        return compare(schema, fieldIds, relation, mode, policy);
    }

    /** The same for a table whose content is replaced: a column whose type Iceberg cannot follow becomes a new one. */
    static SchemaDiff replacing(
            Schema schema, Map<Integer, Integer> fieldIds, RelationSchema relation, RowMode mode, TypePolicy policy) {
        Map<Integer, Integer> kept = new TreeMap<>(fieldIds);
        List<Types.NestedField> replaced = takeOut(kept, schema, relation, policy);
        Schema rest = new Schema(schema.columns().stream()
                .filter(field -> !replaced.contains(field))
                .toList());
        SchemaDiff diff = compare(rest, kept, relation, mode, policy);
        replaced.forEach(field -> diff.dropped.add(field.fieldId()));
        return diff;
    }

    /**
     * The same for a table whose content stays, with the copy behind it: such a column keeps its values under another name, and
     * nobody fills it any more.
     */
    static SchemaDiff goingOn(
            Schema schema, Map<Integer, Integer> fieldIds, RelationSchema relation, RowMode mode, TypePolicy policy) {
        Map<Integer, Integer> kept = new TreeMap<>(fieldIds);
        Map<Integer, String> retired = new LinkedHashMap<>();
        takeOut(kept, schema, relation, policy)
                .forEach(field -> retired.put(field.fieldId(), field.name() + "_old" + field.fieldId()));
        Schema rest = new Schema(schema.columns().stream()
                .map(field -> Types.NestedField.from(field)
                        .withName(retired.getOrDefault(field.fieldId(), field.name()))
                        .build())
                .toList());
        SchemaDiff diff = compare(rest, kept, relation, mode, policy);
        diff.renamed.putAll(retired);
        return diff;
    }

    /** The fields whose columns' types Iceberg cannot follow; they are no column's then. */
    private static List<Types.NestedField> takeOut(
            Map<Integer, Integer> fieldIds, Schema schema, RelationSchema relation, TypePolicy policy) {
        List<Types.NestedField> taken = new ArrayList<>();
        for (Column column : relation.columns()) {
            Integer fieldId = fieldIds.get(column.attnum());
            Types.NestedField field = fieldId == null ? null : schema.findField(fieldId);
            if (field != null && !canFollow(policy, column, field.type())) {
                fieldIds.remove(column.attnum());
                taken.add(field);
            }
        }
        return taken;
    }

    /**
     * Whether a column of {@code existing} type stays when the content is replaced. Text that may now be a decimal again is replaced, too: a
     * table copy leaves what was planned.
     */
    static boolean canFollow(TypePolicy policy, Column column, Type existing) {
        Type wanted = policy.mapping(column).type();
        boolean isOldText = existing.typeId() == TypeID.STRING && wanted.typeId() != TypeID.STRING;
        return (policy.canHold(column, existing) && !isOldText)
                || TypeMapping.promotion(existing, wanted).isPresent();
    }

    private static SchemaDiff compare(
            Schema schema, Map<Integer, Integer> fieldIds, RelationSchema relation, RowMode mode, TypePolicy policy) {
        Map<Integer, Column> byAttnum =
                relation.columns().stream().collect(Collectors.toMap(Column::attnum, column -> column));
        SchemaDiff diff =
                new SchemaDiff(new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        Map<Integer, String> names = new LinkedHashMap<>();
        for (Types.NestedField field : schema.columns()) {
            names.put(field.fieldId(), field.name());
        }
        fieldIds.forEach((attnum, fieldId) -> {
            if (!byAttnum.containsKey(attnum) && names.remove(fieldId) != null) {
                diff.dropped.add(fieldId);
            }
        });
        Map<Column, Types.NestedField> kept = new LinkedHashMap<>();
        for (Column column : relation.columns()) {
            Integer fieldId = fieldIds.get(column.attnum());
            if (fieldId != null && schema.findField(fieldId) != null) {
                kept.put(column, schema.findField(fieldId));
            }
        }
        kept.forEach((column, field) -> diff.widen(policy, column, field));
        diff.rename(kept, names, mode);
        for (Column column : relation.columns()) {
            Integer fieldId = fieldIds.get(column.attnum());
            if (fieldId == null || schema.findField(fieldId) == null) {
                String name = ColumnNames.free(column, takenNames(names, diff.added), mode);
                diff.added.put(column, name);
            }
        }
        return diff;
    }

    private static List<String> takenNames(Map<Integer, String> names, Map<Column, String> added) {
        List<String> taken = new ArrayList<>(names.values());
        taken.addAll(added.values());
        return taken;
    }

    /** Renamed columns first give up their names, so that two may swap theirs. */
    private void rename(Map<Column, Types.NestedField> kept, Map<Integer, String> names, RowMode mode) {
        Map<Column, Types.NestedField> changed = new LinkedHashMap<>(kept);
        changed.entrySet().removeIf(entry -> isNamedAfter(entry.getKey(), entry.getValue(), mode));
        changed.values().forEach(field -> names.remove(field.fieldId()));
        changed.forEach((column, field) -> {
            String name = ColumnNames.free(column, names.values(), mode);
            names.put(field.fieldId(), name);
            renamed.put(field.fieldId(), name);
        });
    }

    private static boolean isNamedAfter(Column column, Types.NestedField field, RowMode mode) {
        String plain = ColumnNames.free(column, Set.of(), mode);
        String marked = ColumnNames.free(column, Set.of(plain), mode);
        return field.name().equals(plain) || field.name().equals(marked);
    }

    private void widen(TypePolicy policy, Column column, Types.NestedField field) {
        if (!policy.canHold(column, field.type())) {
            Type wanted = policy.mapping(column).type();
            Type widenedTo = TypeMapping.promotion(field.type(), wanted)
                    .orElseThrow(() -> new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE,
                            "Cannot follow column " + column.name() + " from " + field.type() + " to " + wanted));
            widened.put(field.fieldId(), widenedTo.asPrimitiveType());
        }
    }

    boolean changesTypesOnly() {
        return dropped.isEmpty() && renamed.isEmpty() && added.isEmpty();
    }

    /** A word for each single change, as it is counted. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        dropped.forEach(column -> words.add("drop-column"));
        renamed.forEach((column, name) -> words.add("rename-column"));
        widened.forEach((column, type) -> words.add("widen-type"));
        added.forEach((column, name) -> words.add("add-column"));
        return words;
    }

    boolean isEmpty() {
        return dropped.isEmpty() && renamed.isEmpty() && widened.isEmpty() && added.isEmpty();
    }
}
