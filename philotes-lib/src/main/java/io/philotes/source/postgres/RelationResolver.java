// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Decides what a Relation message means: the message is of the past and knows no attribute numbers, the catalog knows them
 * but is of the present. A column is the catalog's column of that name and type, or the one that the previous version had
 * under that name and type; what neither knows (dropped, renamed or retyped since) takes the number that is left. Where
 * two answers are possible the table must be copied again: to guess would be to put values into the wrong column.
 *
 * <p>{@code notNull}, {@code missingValue} and, under replica identity FULL, the key are the catalog's of now.
 */
final class RelationResolver {

    private final Relation message;
    private final Optional<CatalogTable> catalog;
    private final Optional<RelationSchema> previous;
    private final TypeCatalog types;

    private RelationResolver(
            Relation message, Optional<CatalogTable> catalog, Optional<RelationSchema> previous, TypeCatalog types) {
        this.message = message;
        this.catalog = catalog;
        this.previous = previous;
        this.types = types;
    }

    /**
     * The message's relation version.
     *
     * @param catalog the table now; empty when it was dropped
     * @param previous the newest version known so far, if any
     * @param types which must know the message's types, unless they were dropped
     */
    static RelationSchema resolve(
            Relation message, Optional<CatalogTable> catalog, Optional<RelationSchema> previous, TypeCatalog types) {
        return new RelationResolver(message, catalog, previous, types).resolve();
    }

    private RelationSchema resolve() {
        int[] attnums = attnums();
        List<Column> columns = new ArrayList<>(attnums.length);
        for (int i = 0; i < attnums.length; i++) {
            columns.add(column(message.columns().get(i), attnums[i]));
        }
        ReplicaIdentity identity = ReplicaIdentity.ofLetter(message.identity());
        return new RelationSchema(message.oid(), table(), identity, columns, key(identity, columns));
    }

    private TableId table() {
        return new TableId(message.namespace(), message.name());
    }

    private int[] attnums() {
        Map<String, CatalogColumn> now = new HashMap<>();
        catalog.ifPresent(c -> c.columns().stream()
                .filter(column -> !column.dropped())
                .forEach(column -> now.put(column.name(), column)));
        List<Set<Integer>> candidates = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        for (RelationColumn column : message.columns()) {
            Set<Integer> numbers = new HashSet<>();
            CatalogColumn present = now.get(column.name());
            if (present != null && present.typeOid() == column.typeOid()) {
                numbers.add(present.attnum());
                taken.add(present.attnum());
            }
            previousColumn(column).ifPresent(known -> numbers.add(known.attnum()));
            candidates.add(numbers);
        }
        return AttnumAssignment.only(predicates(candidates, taken), highest()).orElseThrow(this::ambiguous);
    }

    private List<IntPredicate> predicates(List<Set<Integer>> candidates, Set<Integer> taken) {
        List<IntPredicate> predicates = new ArrayList<>();
        for (Set<Integer> numbers : candidates) {
            predicates.add(numbers.isEmpty() ? attnum -> !taken.contains(attnum) : numbers::contains);
        }
        return predicates;
    }

    private Optional<Column> previousColumn(RelationColumn column) {
        ResolvedType type = types.resolve(column.typeOid());
        return previous.stream()
                .flatMap(relation -> relation.columns().stream())
                .filter(known ->
                        known.name().equals(column.name()) && known.type().equals(type.type()))
                .findFirst();
    }

    private int highest() {
        int inCatalog = catalog.map(c -> c.columns().size()).orElse(0);
        int inPrevious = previous.stream()
                .flatMap(relation -> relation.columns().stream())
                .mapToInt(Column::attnum)
                .max()
                .orElse(0);
        return Math.max(inCatalog, inPrevious);
    }

    private PhilotesException ambiguous() {
        String why = catalog.isEmpty()
                ? "the table was dropped at the source and its columns are not known any more"
                : "columns were dropped, renamed or added again since, and more than one reading is possible";
        return new PhilotesException(ErrorCode.SCHEMA_CHANGE, "Cannot tell which columns the changes are for: " + why)
                .inTable(table())
                .hinting("the table must be copied again");
    }

    private Column column(RelationColumn column, int attnum) {
        ResolvedType type = types.resolve(column.typeOid());
        Optional<CatalogColumn> now =
                catalog.map(c -> c.columns().get(attnum - 1)).filter(c -> !c.dropped());
        return new Column(
                column.name(),
                attnum,
                type.type(),
                type.modifierFor(column.typeModifier()),
                now.map(CatalogColumn::notNull).orElse(false),
                now.flatMap(CatalogColumn::missingValue));
    }

    private List<Integer> key(ReplicaIdentity identity, List<Column> columns) {
        List<Integer> inCatalog =
                catalog.map(c -> RelationShapes.keyIndexes(c.key(), columns)).orElse(List.of());
        if (identity == ReplicaIdentity.FULL) {
            return catalog.map(c -> RelationShapes.keyIndexes(c.primaryKey(), columns))
                    .orElse(List.of());
        }
        List<Integer> flagged = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (identity != ReplicaIdentity.NOTHING && message.columns().get(i).key()) {
                flagged.add(i);
            }
        }
        return Set.copyOf(flagged).equals(Set.copyOf(inCatalog)) ? inCatalog : flagged;
    }
}
