// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;

/** What stands under a configured name that is no table's. Confined to one thread. */
final class OtherRelations {

    private static final String KIND = "SELECT CASE WHEN c.relpersistence = 't' THEN 'a temporary table'"
            + " WHEN c.relkind = 'v' THEN 'a view' WHEN c.relkind = 'm' THEN 'a materialized view'"
            + " WHEN c.relkind = 'f' THEN 'a foreign table' WHEN c.relkind = 'S' THEN 'a sequence'"
            + " WHEN c.relkind IN ('r', 'p') THEN 'a system table' ELSE 'no table' END"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relname = ? AND (n.nspname = ? OR c.relpersistence = 't' AND ? IN ('pg_temp', 'public'))"
            + " ORDER BY c.relpersistence = 't'";

    private OtherRelations() {}

    /** Why a name that the configuration gives without a star names no table. */
    static Finding finding(Connection connection, TablePattern missing) throws SQLException {
        TableId table = TableId.parse(missing.toString());
        String what =
                Sql.query(connection, KIND, row -> row.getString(1), table.name(), table.schema(), table.schema())
                        .stream()
                        .findFirst()
                        .map(kind -> "it is " + kind + ": only ordinary and partitioned tables are published")
                        .orElse("the table does not exist");
        return Finding.error(ErrorCode.TABLE_MISSING, table.toString(), what, ErrorCode.TABLE_MISSING.hint());
    }
}
