// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.RowMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Brings a table whose content is replaced from the {@code _cdc_} columns that it has to those that it is to have. Immutable.
 *
 * @param dropped the columns that go
 * @param added the columns that come, with their types
 */
record CdcChange(Set<String> dropped, Map<String, Type> added) {

    static CdcChange between(RowMode before, RowMode after) {
        Map<String, Type> added = new LinkedHashMap<>(after.cdcColumns());
        Map<String, Type> dropped = new LinkedHashMap<>(before.cdcColumns());
        dropped.keySet().removeAll(after.cdcColumns().keySet());
        added.keySet().removeAll(before.cdcColumns().keySet());
        return new CdcChange(dropped.keySet(), added);
    }

    /** The schema without the columns that go. */
    Schema remaining(Schema schema) {
        List<Types.NestedField> fields = schema.columns().stream()
                .filter(field -> !dropped.contains(field.name()))
                .toList();
        return new Schema(fields);
    }

    /** To come before the source's columns change, so that one of them may take a freed name. */
    void drop(Transaction transaction) {
        if (!dropped.isEmpty()) {
            UpdateSchema update = transaction.updateSchema();
            dropped.stream()
                    .filter(name -> transaction.table().schema().asStruct().field(name) != null)
                    .forEach(update::deleteColumn);
            update.commit();
        }
    }

    /** To come after the source's columns changed: one that had such a name has another then. */
    void add(Transaction transaction) {
        if (!added.isEmpty()) {
            UpdateSchema update = transaction.updateSchema();
            added.forEach(update::addColumn);
            update.commit();
        }
    }
}
