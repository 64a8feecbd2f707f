// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a check finds about single tables. Confined to one thread. */
final class TableChecks {

    private final Connection connection;
    private final String role;
    private final ColumnRules rules;

    TableChecks(Connection connection, String role, ColumnRules rules) {
        this.connection = connection;
        this.role = role;
        this.rules = rules;
    }

    /**
     * Everything about the table that is not well; one finding that says so when all is. None of a table that was dropped
     * since it was looked up: whoever wants it misses it by its name, or finds the one that has it now.
     */
    List<Finding> findings(CatalogTable table, PublishedChecks published) throws SQLException {
        Optional<Boolean> readable = readable(table);
        if (readable.isEmpty()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        if (!readable.get()) {
            findings.add(noRight(table));
        }
        identity(table, findings);
        rules(table, findings);
        published.identity().ifPresent(findings::add);
        if (table.partitioned()) {
            findings.addAll(new LeafChecks(connection).findings(table));
        }
        if (table.unlogged()) {
            findings.add(Finding.error(
                    ErrorCode.UNLOGGED_TABLE,
                    table.id().toString(),
                    "the table is unlogged: its changes never reach the WAL",
                    "ALTER TABLE " + table.id().toSql() + " SET LOGGED;"));
        }
        if (Preflight.rowSecurityActive(connection, table.oid())) {
            findings.add(Finding.error(
                    ErrorCode.ROW_SECURITY,
                    table.id().toString(),
                    "row security is active: a copy would miss rows that the stream has",
                    "ALTER ROLE " + TableId.quote(role) + " BYPASSRLS;"));
        }
        if (findings.isEmpty()) {
            String absent = published.notMirrored();
            findings.add(Finding.ok(
                    table.id().toString(),
                    "readable, rows have a key" + (absent.isEmpty() ? "" : "; not published: " + absent)));
        }
        return findings;
    }

    /** Empty when the table is not there any more; a right on what is not is NULL. */
    private Optional<Boolean> readable(CatalogTable table) throws SQLException {
        String sql = "SELECT pg_catalog.has_schema_privilege(relnamespace, 'USAGE')"
                + " AND pg_catalog.has_table_privilege(oid, 'SELECT') FROM pg_catalog.pg_class WHERE oid = "
                + Integer.toUnsignedString(table.oid());
        return Sql.query(connection, sql, row -> Optional.ofNullable(row.getObject(1, Boolean.class))).stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Finding noRight(CatalogTable table) {
        String to = " TO " + TableId.quote(role) + ";";
        String schema = TableId.quote(table.id().schema());
        return Finding.error(
                ErrorCode.NO_SELECT_RIGHT,
                table.id().toString(),
                "role \"" + role + "\" may not read the table",
                "GRANT USAGE ON SCHEMA " + schema + to + " GRANT SELECT ON "
                        + table.id().toSql() + to);
    }

    private void rules(CatalogTable table, List<Finding> findings) {
        for (ColumnRules.Fault fault : rules.faults(table)) {
            findings.add(Finding.error(ErrorCode.COLUMN_RULE, table.id().toString(), fault.why(), fault.fix()));
        }
        rules.renamed(table)
                .forEach((now, configured) -> findings.add(Finding.warn(
                        ErrorCode.COLUMN_RULE,
                        table.id().toString(),
                        "column \"" + configured + "\" of the rules is \"" + now
                                + "\" now; it is still treated by them, as long as a target remembers it",
                        "put \"" + now + "\" into the rules")));
    }

    /**
     * Since PostgreSQL 18 a column may be NOT NULL from now on alone, and some releases take an index on it for an identity.
     */
    private List<String> unproven(CatalogTable table) throws SQLException {
        if (table.identity() != ReplicaIdentity.INDEX || table.key().isEmpty()) {
            return List.of();
        }
        String sql =
                "SELECT conname FROM pg_catalog.pg_constraint WHERE contype = 'n' AND NOT convalidated AND conrelid = "
                        + Integer.toUnsignedString(table.oid()) + " AND conkey[1] IN (" + Catalog.oidList(table.key())
                        + ")";
        return Sql.query(connection, sql, row -> row.getString(1));
    }

    private Finding mayBeNull(CatalogTable table, List<String> constraints) {
        String alter = "ALTER TABLE " + table.id().toSql() + " VALIDATE CONSTRAINT ";
        return Finding.warn(
                ErrorCode.NO_IDENTITY,
                table.id().toString(),
                "the index that identifies its rows may hold NULLs, for a NOT NULL of its columns is NOT VALID: such rows are"
                        + " refused",
                constraints.stream()
                        .map(name -> alter + TableId.quote(name) + ";")
                        .collect(Collectors.joining(" ")));
    }

    private void identity(CatalogTable table, List<Finding> findings) throws SQLException {
        List<String> unproven = unproven(table);
        if (!unproven.isEmpty()) {
            findings.add(mayBeNull(table, unproven));
        }
        if (table.identity() == ReplicaIdentity.NOTHING) {
            findings.add(Finding.error(
                    ErrorCode.IDENTITY_NOTHING,
                    table.id().toString(),
                    "its replica identity is NOTHING: once it is published, its updates and deletes fail",
                    "ALTER TABLE " + table.id().toSql() + " REPLICA IDENTITY DEFAULT;"));
        } else if (table.key().isEmpty()) {
            boolean full = table.identity() == ReplicaIdentity.FULL;
            findings.add(Finding.warn(
                    ErrorCode.NO_IDENTITY,
                    table.id().toString(),
                    full
                            ? "no primary key: rows are matched as a whole"
                            : "no primary key: only mode append is possible, and once it is published, its updates"
                                    + " and deletes fail",
                    full
                            ? "ALTER TABLE " + table.id().toSql() + " ADD PRIMARY KEY (…);"
                            : "ALTER TABLE " + table.id().toSql() + " REPLICA IDENTITY FULL;   -- or ADD PRIMARY KEY"));
        }
    }
}
