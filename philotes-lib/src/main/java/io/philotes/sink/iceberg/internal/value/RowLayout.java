// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Which source column of one relation version feeds which field of one Iceberg schema. Fields without a source column are
 * written NULL; source columns without a field are left out. Immutable; make rows, writers and encoders of it for each
 * thread.
 */
public final class RowLayout {

    private final RelationSchema relation;
    private final Schema schema;
    private final RowMode mode;
    private final TypePolicy policy;
    private final List<Types.NestedField> fields;
    private final Map<Integer, Integer> positions = new HashMap<>();
    private final List<ColumnSource> sources;
    private final List<Integer> sourceFieldIds;
    private final int[] required;
    private final int[] unfed;
    private final Map<String, Integer> cdcPositions = new HashMap<>();

    private RowLayout(
            RelationSchema relation, Schema schema, Map<Integer, Integer> fieldIds, RowMode mode, TypePolicy policy) {
        this.relation = relation;
        this.schema = schema;
        this.mode = mode;
        this.policy = policy;
        this.fields = List.copyOf(schema.columns());
        for (int i = 0; i < fields.size(); i++) {
            positions.put(fields.get(i).fieldId(), i);
        }
        this.sources = List.copyOf(sources(fieldIds));
        this.sourceFieldIds = sources.stream()
                .map(source -> fields.get(source.position()).fieldId())
                .toList();
        this.required = positions(field -> field.isRequired());
        this.unfed = positions(field -> !sourceFieldIds.contains(field.fieldId()));
        requireComplete();
        mode.cdcColumns()
                .keySet()
                .forEach(name -> cdcPositions.put(
                        name, positions.get(schema.asStruct().field(name).fieldId())));
    }

    /**
     * Ties a relation version to a table's schema.
     *
     * @param fieldIds attnum to field id; columns that are not in it, or whose field is not in the schema, are left out
     * @throws PhilotesException SCHEMA_CHANGE when a field cannot hold its column's type, TARGET_UNUSABLE when a required
     *     field has no source column or a {@code _cdc_} column is missing or of another type
     */
    public static RowLayout of(
            RelationSchema relation, Schema schema, Map<Integer, Integer> fieldIds, RowMode mode, TypePolicy policy) {
        return new RowLayout(relation, schema, fieldIds, mode, policy);
    }

    /** The same with every type's default. */
    public static RowLayout of(RelationSchema relation, Schema schema, Map<Integer, Integer> fieldIds, RowMode mode) {
        return of(relation, schema, fieldIds, mode, TypePolicy.NONE);
    }

    private int[] positions(Predicate<Types.NestedField> which) {
        return IntStream.range(0, fields.size())
                .filter(position -> which.test(fields.get(position)))
                .toArray();
    }

    private List<ColumnSource> sources(Map<Integer, Integer> fieldIds) {
        List<ColumnSource> found = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            Column column = relation.columns().get(i);
            Integer position = positions.get(fieldIds.get(column.attnum()));
            if (position != null) {
                found.add(source(i, column, position));
            }
        }
        return found;
    }

    private ColumnSource source(int index, Column column, int position) {
        Types.NestedField field = fields.get(position);
        if (!policy.canHold(column, field.type())) {
            throw new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE,
                            "Cannot write column " + column.name() + " of type "
                                    + column.type().name() + ": the target's column is " + field.type())
                    .inTable(relation.table());
        }
        return ColumnSource.of(index, column, position, field);
    }

    private void requireComplete() {
        for (Types.NestedField field : fields) {
            if (field.isRequired() && !sourceFieldIds.contains(field.fieldId())) {
                throw unusable("its required column " + field.name() + " has no source");
            }
        }
        mode.cdcColumns().forEach((name, type) -> {
            Types.NestedField field = schema.asStruct().field(name);
            if (field == null || field.type().typeId() != type.typeId()) {
                throw unusable("it has no column " + name + " of type " + type);
            }
        });
    }

    private PhilotesException unusable(String why) {
        return new PhilotesException(ErrorCode.TARGET_UNUSABLE, "Cannot write to the target: " + why)
                .inTable(relation.table());
    }

    /** A new row, every field NULL. */
    public RowView newRow() {
        return new RowView(this);
    }

    /**
     * Field ids of the relation's key columns, in key order.
     *
     * @throws PhilotesException NO_IDENTITY when a key column has no field
     */
    public List<Integer> keyFieldIds() {
        return relation.keyColumns().stream()
                .map(key -> fieldId(key)
                        .orElseThrow(() -> new PhilotesException(
                                        ErrorCode.NO_IDENTITY,
                                        "Cannot make a key: the target has no column for "
                                                + relation.columns().get(key).name())
                                .inTable(relation.table())))
                .toList();
    }

    /** Id of the field that a column of the relation feeds, by its place there; empty when the target has none. */
    public Optional<Integer> fieldId(int column) {
        return sources.stream()
                .filter(source -> source.index() == column)
                .findFirst()
                .map(source -> fields.get(source.position()).fieldId());
    }

    /** Field ids that have a source column, in wire order. */
    public List<Integer> sourceFieldIds() {
        return sourceFieldIds;
    }

    public RelationSchema relation() {
        return relation;
    }

    public Schema schema() {
        return schema;
    }

    public RowMode mode() {
        return mode;
    }

    /** Place of a top-level field in the schema's struct; -1 when it is not there. */
    public int position(int fieldId) {
        return positions.getOrDefault(fieldId, -1);
    }

    int requirePosition(int fieldId) {
        int position = position(fieldId);
        if (position < 0) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot find field " + fieldId + " in the row's schema")
                    .inTable(relation.table());
        }
        return position;
    }

    int cdcPosition(String column) {
        return cdcPositions.get(column);
    }

    List<Types.NestedField> fields() {
        return fields;
    }

    /** Places of the fields that must not be NULL; never to be written to, as {@link #unfed}. */
    int[] required() {
        return required;
    }

    /** Places of the fields that no source column feeds. */
    int[] unfed() {
        return unfed;
    }

    List<ColumnSource> sources() {
        return sources;
    }
}
