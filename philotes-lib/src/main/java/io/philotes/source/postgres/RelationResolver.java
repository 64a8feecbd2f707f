// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a Relation message means: the message is of the past and knows no attribute numbers, the catalog knows them
 * but is of the present. Only the reading without alternative is an answer; to guess would be to put values into the wrong
 * column. Its {@link AttnumEvidence} says which readings there are.
 *
 * <p>{@code notNull} holds where both the version before and the catalog say so; {@code missingValue} is the version's
 * before, else the catalog's. Confined to one thread.
 */
final class RelationResolver {

    /**
     * What a message was found to mean.
     *
     * @param picture the table from the message on; empty when nobody can tell
     * @param trouble why nobody can; empty when somebody can
     */
    record Resolution(Optional<TablePicture> picture, String trouble) {

        static Resolution of(TablePicture picture) {
            return new Resolution(Optional.of(picture), "");
        }

        static Resolution unknown(String why) {
            return new Resolution(Optional.empty(), why);
        }
    }

    private final Relation message;
    private final Optional<TablePicture> before;
    private final Optional<CatalogPicture> after;
    private final TypeCatalog types;

    private RelationResolver(
            Relation message, Optional<TablePicture> before, Optional<CatalogPicture> after, TypeCatalog types) {
        this.message = message;
        this.before = before;
        this.after = after;
        this.types = types;
    }

    /**
     * The message's relation version.
     *
     * @param before what was known last before it, if anything
     * @param now the catalog, at some moment after it
     * @param publication whose columns the message has
     * @param types which must know the message's types, unless they were dropped
     */
    static Resolution resolve(
            Relation message,
            Optional<TablePicture> before,
            CatalogNow.Seen now,
            String publication,
            TypeCatalog types) {
        RelationResolver resolver = new RelationResolver(message, before, now.picture(), types);
        return now.picture().isPresent()
                ? resolver.byEvidence(
                        new AttnumEvidence(message, before, now.picture().get(), publication))
                : resolver.byNames(now.tracking());
    }

    private Resolution byEvidence(AttnumEvidence evidence) {
        Optional<int[]> attnums =
                AttnumAssignment.only(evidence, message.columns().size(), evidence.highest());
        if (attnums.isEmpty()) {
            return Resolution.unknown("its columns were altered since they were last looked at, and how is not certain:"
                    + " columns that were dropped and added may be mistaken for each other");
        }
        return resolution(attnums.get(), evidence.behind(attnums.get()), evidence.told());
    }

    /** The table was dropped: its columns are known only if their names cannot have changed unnoticed. */
    private Resolution byNames(String trackingNow) {
        TableFacts facts = before.map(TablePicture::facts).orElse(TableFacts.NONE);
        int[] attnums = message.columns().stream()
                .map(sent -> columnBefore(sent.name()).map(Column::attnum).orElse(0))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean told = !facts.tracking().isEmpty() && facts.tracking().equals(trackingNow);
        for (int attnum : attnums) {
            told &= attnum > 0;
        }
        return told
                ? resolution(attnums, facts, true)
                : Resolution.unknown("it was dropped at the source, and what its columns were is not certain");
    }

    private Optional<Column> columnBefore(String name) {
        return before.stream()
                .flatMap(picture -> picture.relation().columns().stream())
                .filter(column -> column.name().equals(name))
                .findFirst();
    }

    private Optional<Column> columnBefore(int attnum) {
        return before.stream()
                .flatMap(picture -> picture.relation().columns().stream())
                .filter(column -> column.attnum() == attnum)
                .findFirst();
    }

    private Resolution resolution(int[] attnums, TableFacts facts, boolean told) {
        List<Column> columns = new ArrayList<>(attnums.length);
        for (int i = 0; i < attnums.length; i++) {
            columns.add(column(message.columns().get(i), attnums[i], told));
        }
        ReplicaIdentity identity = ReplicaIdentity.ofLetter(message.identity());
        if (identity == ReplicaIdentity.FULL && !told && primaryKeyMoved()) {
            return Resolution.unknown("its primary key was altered since it was last looked at, when is not certain");
        }
        List<Integer> key = identity == ReplicaIdentity.FULL ? primaryKey(columns, told) : sentKey(identity, columns);
        TableId table = new TableId(message.namespace(), message.name());
        return Resolution.of(new TablePicture(new RelationSchema(message.oid(), table, identity, columns, key), facts));
    }

    private Column column(RelationColumn sent, int attnum, boolean told) {
        ResolvedType type = types.resolve(sent.typeOid());
        Optional<Column> was = columnBefore(attnum);
        Optional<CatalogColumn> is = after.flatMap(picture -> picture.column(attnum));
        boolean wasNotNull = was.map(Column::notNull).orElse(before.isEmpty());
        boolean isNotNull = told || is.map(CatalogColumn::notNull).orElse(true);
        return new Column(
                sent.name(),
                attnum,
                type.type(),
                type.modifierFor(sent.typeModifier()),
                wasNotNull && isNotNull,
                was.isPresent() ? was.get().missingValue() : is.flatMap(CatalogColumn::missingValue));
    }

    /** The attnums of the primary key before the message; empty when they were not known. */
    private Optional<List<Integer>> primaryKeyBefore() {
        return before.map(TablePicture::relation)
                .filter(relation ->
                        relation.identity() == ReplicaIdentity.DEFAULT || relation.identity() == ReplicaIdentity.FULL)
                .map(RelationResolver::keyAttnums);
    }

    private static List<Integer> keyAttnums(RelationSchema relation) {
        return relation.keyColumns().stream()
                .map(i -> relation.columns().get(i).attnum())
                .toList();
    }

    private List<Integer> primaryKeyAfter() {
        return after.map(picture -> picture.table().primaryKey()).orElse(List.of());
    }

    private boolean primaryKeyMoved() {
        return primaryKeyBefore()
                .filter(key -> !key.isEmpty() && !primaryKeyAfter().isEmpty())
                .filter(key -> !key.equals(primaryKeyAfter()))
                .isPresent();
    }

    /** Under FULL the message does not name the key. One that was not there before or is not there after is none. */
    private List<Integer> primaryKey(List<Column> columns, boolean told) {
        List<Integer> key = primaryKeyBefore().orElseGet(() -> before.isEmpty() ? primaryKeyAfter() : List.of());
        boolean stays = told || key.equals(primaryKeyAfter());
        return stays ? RelationShapes.keyIndexes(key, columns) : List.of();
    }

    /** The key that the message flags, in the order of the index that has these columns. */
    private List<Integer> sentKey(ReplicaIdentity identity, List<Column> columns) {
        List<Integer> flagged = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (identity != ReplicaIdentity.NOTHING && message.columns().get(i).key()) {
                flagged.add(i);
            }
        }
        Set<Integer> same = new HashSet<>(flagged);
        List<Integer> keyBefore =
                before.map(picture -> keyAttnums(picture.relation())).orElse(List.of());
        List<Integer> keyAfter = after.map(picture -> picture.table().key()).orElse(List.of());
        return List.of(keyBefore, keyAfter).stream()
                .map(key -> RelationShapes.keyIndexes(key, columns))
                .filter(key -> Set.copyOf(key).equals(same))
                .findFirst()
                .orElse(flagged);
    }
}
