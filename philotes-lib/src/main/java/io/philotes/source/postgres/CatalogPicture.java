// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table as the catalog showed it at one moment, before anything is left out of it. Immutable.
 *
 * @param table its shape
 * @param stored attnums of the generated columns that are stored
 * @param ancestors the partitioned tables that it is a part of
 * @param publications what is particular about its publication, by the publication's name
 * @param facts marks that move with its rows and definition; their rules are empty
 */
record CatalogPicture(
        CatalogTable table,
        Set<Integer> stored,
        List<TableId> ancestors,
        Map<String, Publishing> publications,
        TableFacts facts) {

    /**
     * How a publication treats the table.
     *
     * @param columns the attnums of its column list; empty without one
     * @param rowFilter a fingerprint of its row filter
     * @param generated whether stored generated columns are published without being listed
     * @param member its place among the members, its own or its schema's, another one when it was taken out and added again,
     *     or the publication's options (which operations, by which owner) were altered; empty when it is none
     */
    record Publishing(
            Optional<List<Integer>> columns, Optional<String> rowFilter, boolean generated, Optional<String> member) {

        static final Publishing WHOLE = new Publishing(Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    /** In front of a line of {@link TableFacts#rules} that tells which columns are published, when not simply all. */
    private static final String PUBLISHES = "publishes ";

    /** In front of the line that changes when the table, or an operation, was out of the publication for a while. */
    private static final String MEMBER = "member ";

    CatalogPicture {
        stored = Set.copyOf(stored);
        ancestors = List.copyOf(ancestors);
        publications = Map.copyOf(publications);
    }

    /** What a publication publishes of it, as the view {@code pg_publication_tables} would say. */
    PublishedTable published(String publication) {
        Publishing publishing = publishing(publication);
        Set<String> columns = table.columns().stream()
                .filter(column -> !column.dropped() && publishes(publishing, column))
                .map(CatalogColumn::name)
                .collect(Collectors.toSet());
        return new PublishedTable(table.id(), Optional.of(columns), publishing.rowFilter());
    }

    private Publishing publishing(String publication) {
        return publications.getOrDefault(publication, Publishing.WHOLE);
    }

    private boolean publishes(Publishing publishing, CatalogColumn column) {
        if (publishing.columns().isPresent()) {
            return publishing.columns().get().contains(column.attnum());
        }
        return !column.generated() || (publishing.generated() && stored.contains(column.attnum()));
    }

    /** As a line of {@link TableFacts#rules}, which columns are published; empty when all are that are not generated. */
    String publishedColumns(String publication) {
        Publishing publishing = publishing(publication);
        return publishing
                .columns()
                .map(list -> PUBLISHES + list.stream().map(String::valueOf).collect(Collectors.joining(",")))
                .orElse(publishing.generated() ? PUBLISHES + "generated" : "");
    }

    /** That line of rules. */
    static String publishedColumnsOf(String rules) {
        return TableFacts.rulesOfContent(rules)
                .lines()
                .filter(line -> line.startsWith(PUBLISHES))
                .findFirst()
                .orElse("");
    }

    /** As a line of {@link TableFacts#rules}, its place among the publication's members; empty when it has none. */
    String member(String publication) {
        return publishing(publication).member().map(MEMBER::concat).orElse("");
    }

    Optional<CatalogColumn> column(int attnum) {
        return attnum <= table.columns().size()
                ? Optional.of(table.columns().get(attnum - 1)).filter(column -> !column.dropped())
                : Optional.empty();
    }
}
