// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the configured tables and their shapes. Thread-safe. */
final class SourceTables {

    private final SourceSettings settings;
    private final Publication publication;
    private final ColumnRules rules;
    private final TypeCatalog types = new TypeCatalog();

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

    /** The publication's name. */
    String publication() {
        return publication.name();
    }

    /** Whether a message says of a table what a picture shows, so that what follows either may be read by both. */
    boolean shows(CatalogPicture picture, Relation message) {
        PublishedTable published = picture.published(publication.name());
        List<CatalogColumn> columns =
                picture.table().columns().stream().filter(published::publishes).toList();
        boolean same = columns.size() == message.columns().size()
                && picture.table().identity() == ReplicaIdentity.ofLetter(message.identity());
        for (int i = 0; same && i < columns.size(); i++) {
            RelationColumn sent = message.columns().get(i);
            same = sent.name().equals(columns.get(i).name())
                    && sent.typeOid() == columns.get(i).typeOid()
                    && sent.typeModifier() == columns.get(i).typeModifier();
        }
        return same;
    }

    boolean covers(TableId table) {
        return settings.covers(table);
    }

    /** The tables that the patterns name now, those that exist. */
    List<CatalogTable> configured(Connection connection) throws SQLException {
        Catalog catalog = new Catalog(connection);
        return catalog.tables(catalog.expand(settings.tables()));
    }

    /** The names of the tables that the patterns name now. */
    Map<Integer, TableId> present(Connection connection) throws SQLException {
        Catalog catalog = new Catalog(connection);
        return catalog.names(catalog.expand(settings.tables()));
    }

    /** Their pictures, ordered by name. */
    List<RuledPicture> pictures(Connection connection) throws SQLException {
        List<RuledPicture> pictures = new ArrayList<>();
        List<Integer> oids = new Catalog(connection).expand(settings.tables());
        for (CatalogPicture picture : CatalogPictures.read(connection, oids).values()) {
            pictures.add(picture(connection, picture));
        }
        pictures.sort(Comparator.comparing(picture -> picture.relation().wire().table()));
        return pictures;
    }

    /** The picture of one table now; empty when it is gone. */
    Optional<RuledPicture> picture(Connection connection, int oid) throws SQLException {
        CatalogPicture seen = CatalogPictures.read(connection, List.of(oid)).get(oid);
        return seen == null ? Optional.empty() : Optional.of(picture(connection, seen));
    }

    /** What is published of a table, and what its rules leave of that. */
    RuledPicture picture(Connection connection, CatalogPicture seen) throws SQLException {
        loadTypes(connection, List.of(seen.table()));
        PublishedTable published = seen.published(publication.name());
        RelationSchema wire = RelationShapes.ofCatalog(seen.table(), published, types);
        RuledRelation relation = rules.apply(wire, Optional.of(seen.table()));
        String text = Stream.of(
                        seen.member(publication.name()),
                        seen.publishedColumns(publication.name()),
                        rules.text(seen.table().oid(), published.rowFilter()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("\n"));
        return new RuledPicture(relation, seen.facts().withRules(text));
    }

    /** The part of the configured tables that is asked for; throws when one is not among them. */
    List<CatalogTable> configured(Connection connection, Collection<TableId> wanted) throws SQLException {
        Map<Integer, TableId> found = new HashMap<>(present(connection));
        Set<TableId> missing = new HashSet<>(wanted);
        found.values().forEach(missing::remove);
        for (TableId table : missing) {
            throw missing(table);
        }
        found.values().retainAll(Set.copyOf(wanted));
        return new Catalog(connection).tables(found.keySet());
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
