// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Column;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;

/** Puts a {@link SchemaDiff} into a transaction, old columns first, so that a new one may take a freed name. Stateless. */
final class SchemaChange {

    private SchemaChange() {}

    static void changeExisting(Transaction transaction, SchemaDiff diff) {
        if (diff.dropped().isEmpty()
                && diff.renamed().isEmpty()
                && diff.widened().isEmpty()) {
            return;
        }
        Schema schema = transaction.table().schema();
        UpdateSchema update = transaction.updateSchema();
        diff.dropped().forEach(id -> update.deleteColumn(schema.findColumnName(id)));
        diff.widened().forEach((id, type) -> update.updateColumn(schema.findColumnName(id), type));
        diff.renamed().forEach((id, name) -> update.renameColumn(schema.findColumnName(id), name));
        update.commit();
    }

    /** Adds the new columns; those with a default show it in the rows that are there already. */
    static void add(
            Transaction transaction, SchemaDiff diff, TypePolicy policy, Map<Column, Literal<?>> initialDefaults) {
        if (diff.added().isEmpty()) {
            return;
        }
        UpdateSchema update = transaction.updateSchema();
        diff.added().forEach((column, name) -> {
            Type type = policy.mapping(column).type();
            update.addColumn(null, name, type, null, initialDefaults.get(column));
        });
        update.commit();
    }

    /** The column map after the change. */
    static Map<Integer, Integer> fieldIds(Transaction transaction, Map<Integer, Integer> before, SchemaDiff diff) {
        Map<Integer, Integer> after = new TreeMap<>(before);
        after.values().removeAll(diff.dropped());
        Schema changed = transaction.table().schema();
        diff.added()
                .forEach((column, name) -> after.put(
                        column.attnum(), changed.asStruct().field(name).fieldId()));
        return after;
    }
}
