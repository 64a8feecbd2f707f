// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements that make a publication hold exactly the configured tables, with their filters. All in one transaction, so
 * that the decoder never sees a table without its filter, and a filter that does harm is never in force. Immutable.
 *
 * <p>A filter is changed by taking the table out and in again: that locks this table alone.
 */
final class PublicationChange {

    static final String OPTIONS = "publish = 'insert, update, delete, truncate', publish_via_partition_root = true";

    private final String name;
    private final ColumnRules rules;

    PublicationChange(String name, ColumnRules rules) {
        this.name = name;
        this.rules = rules;
    }

    /** Makes the change and keeps it. */
    void run(Connection connection, Optional<PublicationState> state, List<CatalogTable> tables) throws SQLException {
        connection.setAutoCommit(false);
        try {
            change(connection, state, tables);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Makes the change and takes it back: to see whether it can be made. */
    void attempt(Connection connection, Optional<PublicationState> state, List<CatalogTable> tables)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            change(connection, state, tables);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void change(Connection connection, Optional<PublicationState> state, List<CatalogTable> tables)
            throws SQLException {
        if (state.isEmpty()) {
            Sql.execute(connection, "CREATE PUBLICATION " + quoted() + " WITH (" + OPTIONS + ")");
        } else if (!state.get().publishesAll()) {
            Sql.execute(connection, optionsSql());
        }
        Set<Integer> members = state.map(PublicationState::members).orElse(Set.of());
        dropSuperfluous(connection, members, tables);
        List<CatalogTable> plain = new ArrayList<>();
        for (CatalogTable table : tables) {
            if (takesIn(connection, table, members)) {
                if (rules.where(table).isPresent()) {
                    addFiltered(connection, table);
                } else {
                    plain.add(table);
                }
            }
        }
        if (!plain.isEmpty()) {
            Sql.execute(connection, addSql(plain));
        }
    }

    private void dropSuperfluous(Connection connection, Set<Integer> members, List<CatalogTable> tables)
            throws SQLException {
        Set<Integer> superfluous = new HashSet<>(members);
        tables.forEach(table -> superfluous.remove(table.oid()));
        for (CatalogTable table : new Catalog(connection).tables(superfluous)) {
            Sql.execute(connection, dropSql(table));
        }
    }

    /** Whether the table must be added; one whose filter is another is taken out for that. */
    private boolean takesIn(Connection connection, CatalogTable table, Set<Integer> members) throws SQLException {
        if (!members.contains(table.oid())) {
            return true;
        }
        boolean differs = new RowFilters(connection, name).differs(table, rules.where(table));
        if (differs) {
            Sql.execute(connection, dropSql(table));
        }
        return differs;
    }

    private void addFiltered(Connection connection, CatalogTable table) throws SQLException {
        if (!RowFilters.possible(connection)) {
            throw RowFilters.impossible(table);
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(addSql(List.of(table)));
        } catch (SQLException e) {
            throw RowFilters.failure(table, e);
        }
        Optional<PhilotesException> harm = new RowFilters(connection, name).harm(table);
        if (harm.isPresent()) {
            throw harm.get();
        }
    }

    String createSql(List<CatalogTable> tables) {
        String members = tables.isEmpty() ? "" : " FOR TABLE " + list(tables);
        return "CREATE PUBLICATION " + quoted() + members + " WITH (" + OPTIONS + ")";
    }

    String optionsSql() {
        return "ALTER PUBLICATION " + quoted() + " SET (" + OPTIONS + ")";
    }

    String addSql(List<CatalogTable> tables) {
        return "ALTER PUBLICATION " + quoted() + " ADD TABLE " + list(tables);
    }

    /** Gives the table the filter that is configured. */
    String filterSql(CatalogTable table) {
        return "BEGIN; " + dropSql(table) + "; " + addSql(List.of(table)) + "; COMMIT";
    }

    private String dropSql(CatalogTable table) {
        return "ALTER PUBLICATION " + quoted() + " DROP TABLE " + table.fromSql();
    }

    private String list(List<CatalogTable> tables) {
        return tables.stream().map(this::withFilter).collect(Collectors.joining(", "));
    }

    private String withFilter(CatalogTable table) {
        return table.fromSql()
                + rules.where(table).map(where -> " WHERE (" + where + ")").orElse("");
    }

    private String quoted() {
        return TableId.quote(name);
    }
}
