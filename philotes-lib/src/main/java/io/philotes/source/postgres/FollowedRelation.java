// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import java.util.List;
import java.util.Optional;

/** One wanted relation in one stream. Confined to the stream's thread. */
final class FollowedRelation {

    private final int oid;

    /** As the last message said; null before the first. */
    Relation message;

    /** The newest that the stream or a memory knew of it. */
    Optional<KnownRelations.Known> known;

    Decoding decoding = Decoding.UNWANTED;

    /** When the message arrived, counted in Relation messages of the stream; 0 before the first. */
    long arrived;

    /** The name under which it was last told of; empty when it was not, or is gone. */
    Optional<TableId> named;

    /** A message, what it made of the relation's changes, and when it arrived. */
    record Heard(Relation message, Decoding decoding, long arrived) {}

    FollowedRelation(int oid, Optional<KnownRelations.Known> known) {
        this.oid = oid;
        this.known = known;
        this.named = known.map(k -> k.picture().relation().table());
    }

    Heard heard() {
        return new Heard(message, decoding, arrived);
    }

    /** The message arrived then: one that arrived later, though it was heard before, stands again. */
    void heardLate(long then, Heard before) {
        arrived = then;
        if (before.arrived() > then) {
            message = before.message();
            decoding = before.decoding();
            arrived = before.arrived();
        }
    }

    /** Takes up what a memory knows, where that is newer; whether it is. */
    boolean learn(Optional<KnownRelations.Known> remembered) {
        Lsn place = known.map(KnownRelations.Known::since).orElse(null);
        boolean newer = remembered.isPresent()
                && (place == null || remembered.get().since().isAfter(place));
        if (newer) {
            known = remembered;
        }
        return newer;
    }

    /** From now on a version decodes its changes; the same object as long as it is the same. */
    RelationSchema decodeBy(RuledRelation version) {
        if (decoding.relation().filter(version::equals).isEmpty()) {
            decoding = Decoding.by(version);
        }
        return decoding.relation().orElse(version).given();
    }

    /** Whether columns are others than the event trigger, which seems to have been there all the time, told. */
    boolean wasAlteredUntold(TablePicture now) {
        return known.map(KnownRelations.Known::picture)
                .filter(before -> !before.facts().tracking().isEmpty())
                .filter(before -> before.facts().tracking().equals(now.facts().tracking()))
                .filter(before -> before.facts().rules().equals(now.facts().rules()))
                .filter(before -> !shape(before).equals(shape(now)))
                .isPresent();
    }

    private static List<String> shape(TablePicture picture) {
        return picture.relation().columns().stream()
                .map(column -> column.attnum() + " " + column.name() + " "
                        + column.type().oid())
                .toList();
    }

    /** The relation by a name alone, for what is said of it when its columns are not known, or do not matter. */
    RelationSchema as(TableId name) {
        return new RelationSchema(oid, name, ReplicaIdentity.DEFAULT, List.of(), List.of());
    }

    /** Nothing is told of a relation whose rules cannot be applied, but that: what should be hidden is not known. */
    TableTold refused(RuledRelation version) {
        String why = version.refusal().orElseThrow();
        return new TableTold(
                as(version.wire().table()),
                new TableNotice.Undecodable(ColumnRules.refused(why).reason()));
    }
}
