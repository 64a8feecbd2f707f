// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TablePicture;
import io.philotes.source.postgres.internal.pgoutput.Begin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The relations that one stream speaks of, by oid, and the transaction that it is at. Confined to the stream's thread. */
final class FollowedRelations {

    private final KnownRelations known;
    private final Set<Integer> configuredOids;
    private final Optional<StreamMode> binary;
    private final Map<Integer, FollowedRelation> followed = new HashMap<>();
    private Begin transaction;

    /**
     * @param configuredOids oids of the configured tables when the stream started: they stay wanted when renamed
     * @param binary where to say that only text will do; empty when the stream is in text already
     */
    FollowedRelations(KnownRelations known, Set<Integer> configuredOids, Optional<StreamMode> binary) {
        this.known = known;
        this.configuredOids = configuredOids;
        this.binary = binary;
    }

    /** What follows is of this transaction. */
    void begin(Begin begin) {
        transaction = begin;
    }

    int xid() {
        return transaction.xid();
    }

    private Lsn place() {
        return transaction.finalLsn();
    }

    /** Where what the open transaction did to definitions begins to be so for the next. */
    private Lsn behind() {
        return new Lsn(place().value() + 1);
    }

    /** Null when nothing was heard of it. */
    FollowedRelation get(int oid) {
        return followed.get(oid);
    }

    FollowedRelation follow(int oid) {
        return followed.computeIfAbsent(oid, o -> new FollowedRelation(oid, remembered(oid)));
    }

    /** What a memory knows of it at this place. */
    Optional<KnownRelations.Known> remembered(int oid) {
        return known.at(oid, place());
    }

    /** Whether it is a table of the pipeline by its oid. A partition never is, although its name may be covered. */
    boolean isTable(int oid) {
        return configuredOids.contains(oid) || known.knows(oid);
    }

    /** The tables of the pipeline that a memory knows. */
    List<Integer> tables() {
        return known.oids();
    }

    void doubt(int oid) {
        known.doubt(oid);
    }

    /** What the stream itself showed: of a relation that is no table of the pipeline it is kept for this stream alone. */
    TablePicture learn(FollowedRelation relation, TablePicture picture) {
        TablePicture kept = isTable(picture.relation().oid()) ? known.remember(behind(), picture) : picture;
        relation.known = Optional.of(new KnownRelations.Known(behind(), kept));
        return kept;
    }

    /** What a look showed. */
    void remember(FollowedRelation relation, TablePicture picture) {
        relation.known = Optional.of(new KnownRelations.Known(behind(), known.remember(behind(), picture)));
    }

    /** From now on a version decodes a relation's changes; throws when that takes another form of the stream. */
    RelationSchema decode(FollowedRelation relation, RuledRelation version) {
        requireReadable(version);
        return relation.decodeBy(version);
    }

    private void requireReadable(RuledRelation relation) {
        Optional<Column> unreadable = relation.needsText();
        if (binary.isPresent() && unreadable.isPresent()) {
            binary.get().switchToText();
            throw new PhilotesException(
                            ErrorCode.SOURCE_QUERY,
                            "Cannot read column " + unreadable.get().name() + " in binary: its text is needed")
                    .inTable(relation.wire().table())
                    .hinting("nothing to do: the stream starts again in text form");
        }
    }
}
