// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Row filters of one publication: which there are, whether one says the same as a configured condition, and whether one does
 * harm. Confined to one thread.
 */
final class RowFilters {

    static final int FIRST_VERSION = 15;

    /** Where the table's schema is published as a whole, its own filter counts for nothing. */
    private static final String FILTERS = "SELECT r.prrelid::int8, pg_catalog.pg_get_expr(r.prqual, r.prrelid)"
            + " FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid"
            + " WHERE p.pubname = ? AND r.prqual IS NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = s.pnnspid WHERE s.pnpubid = p.oid AND c.oid = r.prrelid)";

    /** A filter depends on the columns that it uses, and in another way on its table. */
    private static final String USED_COLUMNS = "SELECT DISTINCT d.refobjsubid"
            + " FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid"
            + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_publication_rel'::pg_catalog.regclass"
            + " AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " AND d.refobjid = r.prrelid AND d.deptype = 'n'"
            + " WHERE p.pubname = ? AND r.prrelid = ?::int8::pg_catalog.oid AND r.prqual IS NOT NULL ORDER BY 1";

    private static final String LEAVES =
            "SELECT relid::pg_catalog.oid::int8 FROM pg_catalog.pg_partition_tree(?::int8::pg_catalog.oid::pg_catalog.regclass)"
                    + " WHERE isleaf";

    private final Connection connection;
    private final String publication;

    RowFilters(Connection connection, String publication) {
        this.connection = connection;
        this.publication = publication;
    }

    static boolean possible(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= FIRST_VERSION;
    }

    /** The filters of the tables that were added one by one, by oid. */
    Map<Integer, String> byTable() throws SQLException {
        Map<Integer, String> filters = new HashMap<>();
        if (possible(connection)) {
            Sql.query(connection, FILTERS, row -> filters.put((int) row.getLong(1), row.getString(2)), publication);
        }
        return filters;
    }

    /**
     * Whether the table's filter is another than the configured one.
     *
     * @throws PhilotesException {@code ROW_FILTER} when the configured one is no condition, or the server too old
     */
    boolean differs(CatalogTable table, Optional<String> configured) throws SQLException {
        if (configured.isPresent() && !possible(connection)) {
            throw impossible(table);
        }
        Optional<String> existing = Optional.ofNullable(byTable().get(table.oid()));
        return configured.isEmpty() ? existing.isPresent() : !same(table, configured.get(), existing);
    }

    /**
     * Two conditions say the same when the server plans the same query for both. To compare their text as PostgreSQL spells
     * it, one would have to put the configured one into a publication, and wait for locks.
     */
    private boolean same(CatalogTable table, String configured, Optional<String> existing) throws SQLException {
        List<String> plan;
        try {
            plan = plan(table, configured);
        } catch (SQLException e) {
            throw failure(table, e);
        }
        return existing.isPresent() && plan.equals(plan(table, existing.get()));
    }

    private List<String> plan(CatalogTable table, String condition) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            List<String> lines = new ArrayList<>();
            ResultSet plan = statement.executeQuery(
                    "EXPLAIN (COSTS OFF) SELECT FROM " + table.fromSql() + " WHERE (" + condition + ")");
            while (plan.next()) {
                lines.add(plan.getString(1));
            }
            return lines;
        }
    }

    /** What the server said against a condition. */
    static PhilotesException failure(CatalogTable table, SQLException e) {
        String state = SqlFailures.state(e);
        boolean itsFault = state.matches("(42|0A|22).*") && !state.equals("42501");
        String doing = "filter the rows of a table";
        PhilotesException failure =
                itsFault ? SqlFailures.failure(ErrorCode.ROW_FILTER, doing, e) : SqlFailures.of(doing, e);
        return failure.inTable(table.id());
    }

    static PhilotesException impossible(CatalogTable table) {
        return new PhilotesException(
                        ErrorCode.ROW_FILTER,
                        "Cannot filter the rows of a table: row filters need PostgreSQL " + FIRST_VERSION)
                .inTable(table.id())
                .hinting("take the where of " + table.id() + " out, or upgrade PostgreSQL");
    }

    /**
     * Why the filter that the table has in this transaction makes the source's own updates and deletes fail: it uses a column
     * that the replica identity, of the table or of a partition, does not cover. Empty when it does not.
     */
    Optional<PhilotesException> harm(CatalogTable table) throws SQLException {
        List<Integer> used = Sql.query(
                connection, USED_COLUMNS, row -> row.getInt(1), publication, (long) table.oid() & 0xFFFFFFFFL);
        for (CatalogTable rows : holdersOfRows(table)) {
            for (Integer attnum : used) {
                Optional<String> column = table.columns().stream()
                        .filter(c -> c.attnum() == attnum)
                        .map(CatalogColumn::name)
                        .findFirst();
                if (!identity(rows, column)) {
                    return Optional.of(harm(table, rows.id(), column.orElse("the row as a whole")));
                }
            }
        }
        return Optional.empty();
    }

    private List<CatalogTable> holdersOfRows(CatalogTable table) throws SQLException {
        if (!table.partitioned()) {
            return List.of(table);
        }
        List<Integer> leaves =
                Sql.query(connection, LEAVES, row -> (int) row.getLong(1), (long) table.oid() & 0xFFFFFFFFL);
        return new Catalog(connection).tables(leaves);
    }

    /** Whether the replica identity covers the column; an absent name stands for more than a column. */
    private static boolean identity(CatalogTable table, Optional<String> column) {
        if (table.identity() == ReplicaIdentity.FULL) {
            return true;
        }
        Set<String> covered = new HashSet<>();
        table.columns().stream()
                .filter(c -> !c.dropped() && table.key().contains(c.attnum()))
                .forEach(c -> covered.add(c.name()));
        return column.isPresent() && covered.contains(column.get());
    }

    private static PhilotesException harm(CatalogTable table, TableId rows, String column) {
        return new PhilotesException(
                        ErrorCode.ROW_FILTER,
                        "Cannot filter the rows of a table: its where uses \"" + column
                                + "\", which the replica identity of " + rows
                                + " does not cover, so that the source's own updates and deletes would fail")
                .inTable(table.id())
                .hinting("ALTER TABLE " + rows.toSql() + " REPLICA IDENTITY FULL;   -- or filter by its key");
    }
}
