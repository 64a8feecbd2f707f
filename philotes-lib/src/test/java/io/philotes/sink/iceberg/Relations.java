// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.util.List;

/** Source tables of the tests. */
final class Relations {

    static final PgType INT4 = PgType.base(23, "int4");
    static final PgType INT8 = PgType.base(20, "int8");
    static final PgType TEXT = PgType.base(25, "text");
    static final PgType DATE = PgType.base(1082, "date");
    static final PgType FLOAT4 = PgType.base(700, "float4");
    static final PgType FLOAT8 = PgType.base(701, "float8");

    static final TableId ORDERS = new TableId("public", "orders");

    /** orders(id int8 primary key, name text, amount int4). */
    static final RelationSchema KEYED = orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("name", 2, TEXT),
            Column.of("amount", 3, INT4));

    /** The same with a text key. */
    static final RelationSchema TEXT_KEYED = orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, TEXT),
            Column.of("name", 2, TEXT),
            Column.of("amount", 3, INT4));

    /** The same without a key, REPLICA IDENTITY FULL. */
    static final RelationSchema KEYLESS = orders(
            ReplicaIdentity.FULL,
            List.of(),
            Column.of("id", 1, INT8),
            Column.of("name", 2, TEXT),
            Column.of("amount", 3, INT4));

    private Relations() {}

    static RelationSchema orders(ReplicaIdentity identity, List<Integer> key, Column... columns) {
        return new RelationSchema(4711, ORDERS, identity, List.of(columns), key);
    }
}
