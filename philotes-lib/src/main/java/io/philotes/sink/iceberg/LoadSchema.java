// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TablePicture;
import io.philotes.sink.iceberg.internal.value.ColumnNames;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Types;

/**
 * The schema change of a table copy into a table that exists: it becomes visible with the copied rows, in one transaction,
 * so even what Iceberg cannot evolve (another type, another key) can be replaced. A history keeps its rows, and the values in
 * them. Stateless but for what it was made of.
 */
final class LoadSchema {

    private final Table table;
    private final TablePicture picture;
    private final RelationSchema relation;
    private final RowMode mode;
    private final TypePolicy policy;
    private final Lsn consistentPoint;
    private final Map<Integer, Integer> before;
    private final CdcChange cdc;
    private final SchemaDiff diff;

    /** The schema that the transaction leaves, and its column map. */
    record Planned(Schema schema, Map<Integer, Integer> fieldIds) {}

    LoadSchema(TargetTable target, TablePicture picture, RowMode mode, TypePolicy policy, Lsn consistentPoint) {
        this.picture = picture;
        this.relation = picture.relation();
        policy.requireSensible(relation, mode.mirrors(), ErrorCode.SCHEMA_CHANGE);
        this.table = target.table();
        this.mode = mode;
        this.policy = policy;
        this.consistentPoint = consistentPoint;
        this.before = columns(target.properties());
        this.cdc = CdcChange.between(TargetProperties.rowMode(target.properties()), mode);
        Schema remaining = cdc.remaining(table.schema());
        this.diff = mode.mirrors()
                ? SchemaDiff.replacing(remaining, before, relation, mode, policy)
                : SchemaDiff.goingOn(remaining, before, relation, mode, policy);
    }

    /**
     * Which column is which. Another source table counts its columns anew: by the numbers, the older values of a history would
     * come to stand under the names of other columns.
     */
    private Map<Integer, Integer> columns(Map<String, String> properties) {
        if (mode.mirrors() || TargetProperties.holdsRowsOf(relation, properties)) {
            return TargetProperties.columns(properties);
        }
        Map<Integer, Integer> sameName = new TreeMap<>();
        ColumnNames.assign(relation.columns(), mode).forEach((attnum, name) -> {
            Types.NestedField field = table.schema().asStruct().field(name);
            if (field != null) {
                sameName.put(attnum, field.fieldId());
            }
        });
        return sameName;
    }

    /** What {@link #apply} will leave, without changing anything. */
    Planned planned() {
        Transaction dry = table.newTransaction();
        return change(dry);
    }

    /** Makes the change, and insists that it leaves what the files were written for. */
    void apply(Transaction transaction, Planned planned) {
        Planned now = change(transaction);
        if (!now.schema().sameSchema(planned.schema()) || !now.fieldIds().equals(planned.fieldIds())) {
            throw new PhilotesException(
                            ErrorCode.TARGET_UNUSABLE,
                            "Cannot finish the table copy: somebody else changed the target's schema meanwhile")
                    .inTable(relation.table());
        }
        SequenceNumber at = new SequenceNumber(consistentPoint, 0);
        UpdateProperties update = transaction.updateProperties();
        SourcePicture.properties(relation, picture.facts()).forEach(update::set);
        update.set(TargetProperties.COLUMNS, TargetProperties.columnsText(now.fieldIds()))
                .set(TargetProperties.SOURCE_TABLE, relation.table().toString())
                .set(TargetProperties.SOURCE_OID, TargetProperties.oidText(relation))
                .set(ColumnTypes.PROPERTY, ColumnTypes.of(relation).text())
                .set(TargetProperties.SCHEMA_LSN, at.toString())
                .set(TargetProperties.ROW_OPTIONS, TargetProperties.rowOptionsText(mode))
                .remove(TargetProperties.DIVERGED)
                .commit();
    }

    RowLayout layout(Planned planned) {
        return RowLayout.of(relation, planned.schema(), planned.fieldIds(), mode, policy);
    }

    private Planned change(Transaction transaction) {
        try {
            if (!diff.isEmpty()) {
                replaceKey(transaction, Set.of());
            }
            cdc.drop(transaction);
            SchemaChange.changeExisting(transaction, diff);
            // In a mirror every row is written anew, and in a history older ones are NULL: none needs a default.
            SchemaChange.add(transaction, diff, policy, Map.of());
            cdc.add(transaction);
            Map<Integer, Integer> fieldIds = SchemaChange.fieldIds(transaction, before, diff);
            replaceKey(transaction, keyNames(transaction.table().schema(), fieldIds));
            return new Planned(transaction.table().schema(), fieldIds);
        } catch (RuntimeException e) {
            throw new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE, "Cannot change the target's schema: " + e.getMessage(), e)
                    .inTable(relation.table())
                    .hinting(
                            mode.mirrors()
                                    ? "drop the target table, then copy again"
                                    : "give the table another target to keep its history, or drop this one; then copy again");
        }
    }

    private Set<String> keyNames(Schema schema, Map<Integer, Integer> fieldIds) {
        Set<String> names = new LinkedHashSet<>();
        if (mode.mirrors()) {
            for (int key : relation.keyColumns()) {
                Column column = relation.columns().get(key);
                names.add(schema.findColumnName(fieldIds.get(column.attnum())));
            }
        }
        return names;
    }

    /** Key columns are required and no others; every row is written anew, so Iceberg's caution is not needed. */
    private void replaceKey(Transaction transaction, Set<String> names) {
        Schema schema = transaction.table().schema();
        if (diff.isEmpty() && names.equals(schema.identifierFieldNames())) {
            return;
        }
        UpdateSchema update = transaction.updateSchema().allowIncompatibleChanges();
        update.setIdentifierFields(names);
        schema.columns().forEach(field -> {
            if (names.contains(field.name())) {
                update.requireColumn(field.name());
            } else if (field.isRequired()) {
                update.makeColumnOptional(field.name());
            }
        });
        update.commit();
    }
}
