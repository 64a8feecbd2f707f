// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.List;

/** Relation versions for tests, from {@code name type} texts. */
final class Relations {

    static final TableId TABLE = new TableId("public", "t");

    private Relations() {}

    /** Columns such as {@code "id int4"}, {@code "price numeric(10,2)"}, {@code "tags text[]"}; attnums from 1. */
    static RelationSchema of(List<Integer> keys, String... columns) {
        List<Column> all = new ArrayList<>();
        for (String column : columns) {
            int space = column.lastIndexOf(' ');
            all.add(column(column.substring(0, space), all.size() + 1, column.substring(space + 1)));
        }
        return new RelationSchema(1, TABLE, ReplicaIdentity.DEFAULT, all, keys);
    }

    static Column column(String name, int attnum, String typeText) {
        boolean isArray = typeText.endsWith("[]");
        String element = isArray ? typeText.substring(0, typeText.length() - 2) : typeText;
        int bracket = element.indexOf('(');
        PgType base = PgType.base(0, bracket < 0 ? element : element.substring(0, bracket));
        int modifier = bracket < 0 ? -1 : numericModifier(element.substring(bracket + 1, element.length() - 1));
        return new Column(
                name, attnum, isArray ? PgType.arrayOf(0, base) : base, modifier, false, java.util.Optional.empty());
    }

    private static int numericModifier(String arguments) {
        String[] parts = arguments.split(",");
        return (Integer.parseInt(parts[0]) << 16 | (Integer.parseInt(parts[1]) & 0x7ff)) + 4;
    }
}
