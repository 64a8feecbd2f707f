// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * Which tables come out of a publication. The view {@code pg_publication_tables} says the same, but opens the tables, and so
 * waits for whoever alters one of them. Stateless.
 */
final class PublishedNames {

    private static final int FIRST_WITH_SCHEMAS = 15;

    /** Names of the tables that come out of a publication; partitions come out as their root when that does. */
    private static final String PUBLISHED =
            "WITH RECURSIVE member AS (SELECT c.oid, c.relispartition, p.pubviaroot, n.nspname, c.relname"
                    + " FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_class c ON c.relkind IN ('r', 'p')"
                    + " AND c.relpersistence = 'p' JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE p.pubname = ? AND (p.puballtables AND c.oid >= 16384 AND n.nspname <> 'information_schema'"
                    + " OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r"
                    + " WHERE r.prpubid = p.oid AND r.prrelid = c.oid) %s)),"
                    + " above(part, oid) AS (SELECT m.oid, i.inhparent FROM member m"
                    + " JOIN pg_catalog.pg_inherits i ON i.inhrelid = m.oid WHERE m.relispartition UNION ALL"
                    + " SELECT a.part, i.inhparent FROM above a JOIN pg_catalog.pg_class c ON c.oid = a.oid"
                    + " AND c.relispartition JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid)"
                    + " SELECT m.nspname, m.relname FROM member m WHERE NOT m.pubviaroot OR NOT EXISTS"
                    + " (SELECT FROM above a JOIN member r ON r.oid = a.oid WHERE a.part = m.oid)";

    private static final String IN_SCHEMA = "OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s"
            + " WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace)";

    private PublishedNames() {}

    static Set<TableId> of(Connection connection, String publication) throws SQLException {
        boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_SCHEMAS;
        return Set.copyOf(Sql.query(
                connection,
                PUBLISHED.formatted(schemas ? IN_SCHEMA : ""),
                row -> new TableId(row.getString(1), row.getString(2)),
                publication));
    }
}
