// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the configured tables and their shapes. Thread-safe. */
final class SourceTables {

    private final SourceSettings settings;
    private final Publication publication;
    private final TypeCatalog types = new TypeCatalog();
    private final ColumnRules rules;

    SourceTables(SourceSettings settings, Publication publication, ColumnRules rules) {
        this.settings = settings;
        this.publication = publication;
        this.rules = rules;
    }

    TypeCatalog types() {
        return types;
    }

    ColumnRules rules() {
        return rules;
    }

    boolean covers(TableId table) {
        return settings.covers(table);
    }

    /** The tables that the patterns name now; throws when one is missing. */
    List<CatalogTable> configured(Connection connection) throws SQLException {
        Catalog catalog = new Catalog(connection);
        for (TablePattern missing : catalog.missing(settings.tables())) {
            throw missing(TableId.parse(missing.toString()));
        }
        List<CatalogTable> tables = catalog.tables(catalog.expand(settings.tables()));
        if (tables.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.TABLE_MISSING, "Cannot find a table that matches any of " + settings.tables());
        }
        return tables;
    }

    /** The shapes of tables with what is given on of them. */
    List<RelationSchema> shapes(Connection connection, List<CatalogTable> tables) throws SQLException {
        return ruled(connection, tables).stream().map(RuledRelation::given).toList();
    }

    /** The shapes of tables with what is published of them, and their rules. */
    List<RuledRelation> ruled(Connection connection, List<CatalogTable> tables) throws SQLException {
        loadTypes(connection, tables);
        Function<TableId, PublishedTable> published = publication.view(connection);
        return tables.stream()
                .map(table -> rules.apply(
                        RelationShapes.ofCatalog(table, published.apply(table.id()), types), Optional.of(table)))
                .toList();
    }

    /** The shape of one table now; empty when it is gone. */
    Optional<RuledRelation> ruled(Connection connection, int oid) throws SQLException {
        return ruled(connection, new Catalog(connection).tables(List.of(oid))).stream()
                .findFirst();
    }

    /** What is left out, masked or filtered of a table, as text for {@link io.philotes.model.TableFacts#rules}. */
    String rulesText(CatalogTable table, PublishedTable published) {
        return rules.text(table.oid(), published.rowFilter());
    }

    /** The part of the configured tables that is asked for; throws when one is not among them. */
    List<CatalogTable> configured(Connection connection, Collection<TableId> wanted) throws SQLException {
        List<CatalogTable> tables = configured(connection);
        Set<TableId> missing = new HashSet<>(wanted);
        List<CatalogTable> found = new ArrayList<>();
        for (CatalogTable table : tables) {
            if (missing.remove(table.id())) {
                found.add(table);
            }
        }
        for (TableId table : missing) {
            throw missing(table);
        }
        return found;
    }

    static PhilotesException missing(TableId table) {
        return new PhilotesException(ErrorCode.TABLE_MISSING, "Cannot find a table among the configured ones")
                .inTable(table);
    }

    private void loadTypes(Connection connection, List<CatalogTable> tables) throws SQLException {
        Set<Integer> oids = new HashSet<>();
        tables.forEach(table -> table.columns().forEach(column -> oids.add(column.typeOid())));
        types.load(connection, oids);
    }
}
