// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Column;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;

/** Puts a {@link SchemaDiff} into a transaction, old columns first, so that a new one may take a freed name. Stateless. */
final class SchemaChange {

    private SchemaChange() {}

    static void changeExisting(Transaction transaction, SchemaDiff diff) {
        drop(transaction, diff);
        if (diff.renamed().isEmpty() && diff.widened().isEmpty()) {
            return;
        }
        Schema schema = transaction.table().schema();
        UpdateSchema update = transaction.updateSchema();
        diff.widened().forEach((id, type) -> update.updateColumn(schema.findColumnName(id), type));
        diff.renamed().forEach((id, name) -> update.renameColumn(schema.findColumnName(id), name));
        if (!diff.renamed().isEmpty()) {
            update.setIdentifierFields(identifierNames(schema, diff.renamed()));
        }
        update.commit();
    }

    /** In a change of its own: Iceberg does not let a key column take the name of one that goes in the same. */
    private static void drop(Transaction transaction, SchemaDiff diff) {
        if (!diff.dropped().isEmpty()) {
            Schema schema = transaction.table().schema();
            UpdateSchema update = transaction.updateSchema();
            diff.dropped().forEach(id -> update.deleteColumn(schema.findColumnName(id)));
            update.commit();
        }
    }

    /**
     * The names that the key's fields get. Iceberg itself lets the key follow name by name, one rename after the other: of
     * names that columns swap or pass on, the wrong column would become the key, or none.
     */
    private static Set<String> identifierNames(Schema schema, Map<Integer, String> renamed) {
        return schema.identifierFieldIds().stream()
                .map(id -> renamed.getOrDefault(id, schema.findColumnName(id)))
                .collect(Collectors.toSet());
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
