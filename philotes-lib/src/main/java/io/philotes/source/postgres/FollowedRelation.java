// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
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

    /** The name under which it was last told of; empty when it was not, or is gone. */
    Optional<TableId> named;

    FollowedRelation(int oid, Optional<KnownRelations.Known> known) {
        this.oid = oid;
        this.known = known;
        this.named = known.map(k -> k.picture().relation().table());
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

    /** The relation as it was last known, under a name; without columns when it never was. */
    RelationSchema as(TableId name) {
        return known.map(k -> k.picture().relation())
                .map(r -> new RelationSchema(oid, name, r.identity(), r.columns(), r.keyColumns()))
                .orElseGet(() -> new RelationSchema(oid, name, ReplicaIdentity.DEFAULT, List.of(), List.of()));
    }
}
