// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The pipeline's publication: created and kept equal to the configured tables, or only looked at when a person keeps it.
 * Never dropped and created anew, because the server looks a publication up as it was at the position that it decodes.
 * Immutable.
 */
final class Publication {

    private static final int FIRST_WITH_COLUMN_LISTS = 15;

    private final String name;
    private final boolean managed;
    private final ColumnRules rules;
    private final PublicationChange change;

    Publication(String name, boolean managed, ColumnRules rules) {
        this.name = name;
        this.managed = managed;
        this.rules = rules;
        this.change = new PublicationChange(name, rules);
    }

    String name() {
        return name;
    }

    boolean managed() {
        return managed;
    }

    /** The publication now; empty when there is none. */
    Optional<PublicationState> state(Connection connection) throws SQLException {
        String bySchema = hasColumnLists(connection)
                ? "OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace n WHERE n.pnpubid = p.oid)"
                : "";
        String sql = "SELECT puballtables " + bySchema + ", pubinsert AND pubupdate AND pubdelete AND pubtruncate,"
                + " pubviaroot FROM pg_catalog.pg_publication p WHERE pubname = ?";
        Set<Integer> members = new HashSet<>(Sql.query(
                connection,
                "SELECT r.prrelid::int8 FROM pg_catalog.pg_publication_rel r"
                        + " JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname = ?",
                row -> (int) row.getLong(1),
                name));
        Set<TableId> published = PublishedNames.of(connection, name);
        return Sql.query(
                        connection,
                        sql,
                        row -> new PublicationState(
                                row.getBoolean(1), row.getBoolean(2), row.getBoolean(3), members, published),
                        name)
                .stream()
                .findFirst();
    }

    private List<PublishedTable> details(Connection connection) throws SQLException {
        String details = hasColumnLists(connection) ? ", attnames::text[], rowfilter" : ", NULL::text[], NULL";
        return Sql.query(
                connection,
                "SELECT schemaname, tablename" + details + " FROM pg_catalog.pg_publication_tables WHERE pubname = ?",
                Publication::publishedTable,
                name);
    }

    private static PublishedTable publishedTable(ResultSet row) throws SQLException {
        Array columns = row.getArray(3);
        return new PublishedTable(
                new TableId(row.getString(1), row.getString(2)),
                columns == null ? Optional.empty() : Optional.of(Set.of((String[]) columns.getArray())),
                Optional.ofNullable(row.getString(4)));
    }

    private static boolean hasColumnLists(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_COLUMN_LISTS;
    }

    /** The row filters of the tables that have one, by oid. */
    Map<Integer, String> rowFilters(Connection connection) throws SQLException {
        return new RowFilters(connection, name).byTable();
    }

    /** What is published of each table; of one that is not yet in the publication, what would be. */
    Function<TableId, PublishedTable> view(Connection connection) throws SQLException {
        Map<TableId, PublishedTable> byTable =
                details(connection).stream().collect(Collectors.toMap(PublishedTable::table, p -> p, (a, b) -> a));
        return table -> byTable.getOrDefault(table, new PublishedTable(table, Optional.empty(), Optional.empty()));
    }

    /** The tables of which not every change is published now. */
    Set<TableId> unpublished(Connection connection, Set<TableId> tables) throws SQLException {
        Optional<PublicationState> state = state(connection);
        if (state.isEmpty() || !state.get().publishesAll()) {
            return tables;
        }
        Set<TableId> unpublished = new HashSet<>(tables);
        unpublished.removeAll(state.get().published());
        return unpublished;
    }

    /** The tables that are not in the publication at all; every one when there is none. */
    Set<TableId> absent(Optional<PublicationState> state, List<CatalogTable> tables) {
        Set<TableId> published = state.map(PublicationState::published).orElse(Set.of());
        return tables.stream()
                .map(CatalogTable::id)
                .filter(table -> !published.contains(table))
                .collect(Collectors.toSet());
    }

    String addSql(CatalogTable table) {
        return change.addSql(List.of(table));
    }

    /** Makes the publication what it must be, or throws when a person keeps it and it is not. */
    void prepare(Connection connection, List<CatalogTable> tables) throws SQLException {
        Optional<PublicationState> state = state(connection);
        if (!managed) {
            Optional<PhilotesException> flaw = flaw(connection, state, tables);
            if (flaw.isPresent()) {
                throw flaw.get();
            }
            return;
        }
        if (state.isPresent() && state.get().allTables()) {
            throw flawed(ErrorCode.PUBLICATION_INCOMPLETE, "it is not limited to single tables")
                    .hinting("name it as an existing publication, or give another name");
        }
        try {
            change.run(connection, state, tables);
        } catch (SQLException e) {
            throw translated(e, tables);
        }
    }

    /** Drops it, if it is there; the SQL that somebody else must run when this role may not. */
    Optional<String> drop(Connection connection) throws SQLException {
        String sql = "DROP PUBLICATION IF EXISTS " + TableId.quote(name);
        try {
            Sql.execute(connection, sql);
            return Optional.empty();
        } catch (SQLException e) {
            if (SqlFailures.state(e).equals("42501")) {
                return Optional.of(sql);
            }
            throw e;
        }
    }

    /** What would keep {@link #prepare} from making the publication what it must be; nothing is left of the attempt. */
    Optional<PhilotesException> attempt(
            Connection connection, Optional<PublicationState> state, List<CatalogTable> tables) {
        try {
            change.attempt(connection, state, tables);
            return Optional.empty();
        } catch (PhilotesException e) {
            return Optional.of(e);
        } catch (SQLException e) {
            return Optional.of(translated(e, tables));
        }
    }

    /** The tables whose filter, as it is now, makes the source's own updates and deletes fail. */
    List<PhilotesException> harmful(Connection connection, List<CatalogTable> tables) throws SQLException {
        RowFilters filters = new RowFilters(connection, name);
        Set<Integer> filtered = filters.byTable().keySet();
        List<PhilotesException> harmful = new ArrayList<>();
        for (CatalogTable table : tables) {
            if (filtered.contains(table.oid())) {
                filters.harm(table).ifPresent(harmful::add);
            }
        }
        return harmful;
    }

    private PhilotesException translated(SQLException e, List<CatalogTable> tables) {
        String doing = "prepare publication " + name;
        return SqlFailures.state(e).equals("42501")
                ? SqlFailures.failure(ErrorCode.PUBLICATION_MISSING, doing, e)
                        .hinting("let the tables' owner run: " + change.createSql(tables)
                                + "; and name it as an existing one")
                : SqlFailures.of(doing, e);
    }

    /** What is wrong with a publication that exists or should; the hint is the SQL that mends it. */
    Optional<PhilotesException> flaw(Connection connection, Optional<PublicationState> state, List<CatalogTable> tables)
            throws SQLException {
        if (state.isEmpty()) {
            return Optional.of(
                    flawed(ErrorCode.PUBLICATION_MISSING, "it does not exist").hinting(change.createSql(tables)));
        }
        if (!state.get().publishesAll()) {
            return Optional.of(flawed(
                            ErrorCode.PUBLICATION_INCOMPLETE,
                            "it must publish all four operations, and partitions through their root")
                    .hinting(change.optionsSql()));
        }
        Set<TableId> published = state.get().published();
        List<CatalogTable> absent =
                tables.stream().filter(table -> !published.contains(table.id())).toList();
        return absent.isEmpty()
                ? filterFlaw(connection, tables)
                : Optional.of(flawed(ErrorCode.PUBLICATION_INCOMPLETE, "it lacks " + ids(absent))
                        .hinting(change.addSql(absent)));
    }

    private Optional<PhilotesException> filterFlaw(Connection connection, List<CatalogTable> tables)
            throws SQLException {
        RowFilters filters = new RowFilters(connection, name);
        for (CatalogTable table : tables) {
            try {
                Optional<String> where = rules.where(table);
                if ((managed || where.isPresent()) && filters.differs(table, where)) {
                    return Optional.of(flawed(ErrorCode.ROW_FILTER, "its row filter is not the configured one")
                            .inTable(table.id())
                            .hinting(change.filterSql(table)));
                }
            } catch (PhilotesException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    private static String ids(List<CatalogTable> tables) {
        return tables.stream().map(table -> table.id().toString()).collect(Collectors.joining(", "));
    }

    private PhilotesException flawed(ErrorCode code, String why) {
        return new PhilotesException(code, "Cannot use publication " + name + ": " + why);
    }
}
