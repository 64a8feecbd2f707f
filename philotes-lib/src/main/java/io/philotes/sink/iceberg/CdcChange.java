// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.RowMode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * @param wanted the columns that are to be there, with their types
 */
record CdcChange(Set<String> dropped, Map<String, Type> wanted) {

    static CdcChange between(RowMode before, RowMode after) {
        Set<String> dropped = new LinkedHashSet<>(before.cdcColumns().keySet());
        dropped.removeAll(after.cdcColumns().keySet());
        return new CdcChange(dropped, after.cdcColumns());
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

    /**
     * To come after the source's columns changed: one that had such a name has another then. What somebody else dropped comes
     * back.
     */
    void add(Transaction transaction) {
        Schema schema = transaction.table().schema();
        Map<String, Type> missing = new LinkedHashMap<>(wanted);
        missing.keySet().removeIf(name -> schema.asStruct().field(name) != null);
        if (!missing.isEmpty()) {
            UpdateSchema update = transaction.updateSchema();
            missing.forEach(update::addColumn);
            update.commit();
        }
    }
}
