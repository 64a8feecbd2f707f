// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import java.util.ArrayList;
import java.util.List;

/** Puts {@link RelationSchema}s together from catalog rows. Stateless. */
final class RelationShapes {

    private RelationShapes() {}

    /** The table as it is now, with the columns that are published of it. */
    static RelationSchema ofCatalog(CatalogTable table, PublishedTable published, TypeCatalog types) {
        List<Column> columns = table.columns().stream()
                .filter(published::publishes)
                .map(column -> column(column, types))
                .toList();
        return new RelationSchema(table.oid(), table.id(), table.identity(), columns, keyIndexes(table.key(), columns));
    }

    private static Column column(CatalogColumn column, TypeCatalog types) {
        ResolvedType type = types.resolve(column.typeOid());
        return new Column(
                column.name(),
                column.attnum(),
                type.type(),
                type.modifierFor(column.typeModifier()),
                column.notNull(),
                column.missingValue());
    }

    /** Places of the key's attnums among the columns, in key order; empty unless all are there. */
    static List<Integer> keyIndexes(List<Integer> key, List<Column> columns) {
        List<Integer> attnums = columns.stream().map(Column::attnum).toList();
        List<Integer> indexes = new ArrayList<>(key.size());
        for (Integer attnum : key) {
            int index = attnums.indexOf(attnum);
            if (index < 0) {
                return List.of();
            }
            indexes.add(index);
        }
        return indexes;
    }
}
