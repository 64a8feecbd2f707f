// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.source.postgres.internal.pgoutput.Begin;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * The relations of one stream, by oid, each as the last Relation message said. Confined to the stream's thread.
 *
 * <p>The last is the one that arrived last: what a transaction says that came while it was open decodes its own changes, and
 * those of others only where nothing was heard since it arrived. The server counts that way, and a publication's columns may be
 * altered while a transaction is open.
 *
 * <p>A relation that is not configured (a publication that a person keeps may hold more) is known to be unwanted, and its
 * changes are passed over. So are those of one whose columns nobody can tell, with a notice, until a message or a picture of
 * it can be understood again.
 */
final class StreamRelations {

    private final SourceTables tables;
    private final FollowedRelations followed;
    private final ToldTables told;
    private final CatalogNow catalog;
    private final UnknownLeaves leaves = new UnknownLeaves();

    /** How the relations stood of which a transaction speaks that arrived earlier; null while none is given on. */
    private Map<Integer, FollowedRelation.Heard> before;

    private long arrivals;

    /** What is to be told before the change at hand; null when nothing is. */
    private TableTold news;

    private int lastOid;
    private Decoding last;

    /**
     * @param configuredOids oids of the configured tables when the stream started: they stay wanted when renamed
     * @param binary where to say that only text will do; empty when the stream is in text already
     */
    StreamRelations(
            SourceTables tables,
            KnownRelations known,
            Set<Integer> configuredOids,
            Optional<StreamMode> binary,
            CatalogSession session) {
        this.tables = tables;
        this.followed = new FollowedRelations(known, configuredOids, binary);
        this.told = new ToldTables(tables, followed, session);
        this.catalog = new CatalogNow(tables, session);
    }

    /** What follows is of this transaction. */
    void begin(Begin begin) {
        followed.begin(begin);
        last = null;
        leaves.forget();
        catalog.begin();
    }

    /** A Relation message arrives; what is counted so far tells it from others. */
    long arrives() {
        return ++arrivals;
    }

    /** What follows, up to {@link #endLate}, is of a transaction that arrived earlier. */
    void beginLate() {
        before = new HashMap<>();
    }

    /** @param arrived when the last message about a relation arrived, by oid */
    void endLate(IntToLongFunction arrived) {
        before.forEach((oid, heard) -> followed.get(oid).heardLate(arrived.applyAsLong(oid), heard));
        before = null;
        last = null;
    }

    /** What becomes of a change. */
    Decoding decoding(int oid) {
        if (last == null || lastOid != oid) {
            last = look(oid);
            lastOid = oid;
            noteLeaf(oid);
        }
        return last;
    }

    /** What is to be told before the change whose {@link #decoding} was asked for. */
    Optional<TableTold> takeNews() {
        TableTold taken = news;
        news = null;
        return Optional.ofNullable(taken);
    }

    /** A TRUNCATE comes: of that every relation is announced first. */
    void truncates() {
        leaves.forget();
    }

    private void noteLeaf(int oid) {
        Optional<Relation> leaf = leaves.before(oid);
        if (leaf.isPresent()
                && !followed.isTable(leaf.get().oid())
                && last.relation().isPresent()) {
            FollowedRelation root = followed.get(oid);
            root.learn(followed.remembered(oid));
            leaves.notice(leaf.get(), root).ifPresent(notice -> {
                followed.doubt(oid);
                news = new TableTold(last.relation().get().given(), notice);
            });
        }
    }

    private Decoding look(int oid) {
        FollowedRelation relation = followed.get(oid);
        if (relation == null || (relation.message == null && relation.decoding.equals(Decoding.UNWANTED))) {
            throw new PhilotesException(
                    ErrorCode.PROTOCOL,
                    "Cannot decode a change: its relation was not announced, oid=" + Integer.toUnsignedString(oid));
        }
        if (relation.decoding.trouble().isPresent() && relation.learn(followed.remembered(oid))) {
            resolve(relation);
        }
        return relation.decoding;
    }

    /** Takes a Relation message: from now on it decodes the relation's changes. */
    void announce(Relation message) {
        last = null;
        leaves.announced(message);
        FollowedRelation relation = followed.follow(message.oid());
        if (before == null) {
            relation.arrived = arrives();
        } else {
            before.putIfAbsent(message.oid(), relation.heard());
        }
        relation.message = message;
        boolean wanted =
                followed.isTable(message.oid()) || tables.covers(new TableId(message.namespace(), message.name()));
        if (wanted) {
            relation.learn(followed.remembered(message.oid()));
            resolve(relation);
        } else {
            relation.decoding = Decoding.UNWANTED;
        }
    }

    private void resolve(FollowedRelation relation) {
        Relation message = relation.message;
        CatalogNow.Seen now = catalog.read(message, followed.xid());
        RelationResolver.Resolution found = RelationResolver.resolve(
                message, relation.known.map(KnownRelations.Known::picture), now, tables.publication(), tables.types());
        if (found.picture().isPresent()) {
            TablePicture wire = followed.learn(relation, found.picture().get());
            RuledRelation version =
                    tables.rules().apply(wire.relation(), now.picture().map(CatalogPicture::table));
            if (version.refusal().isPresent()) {
                relation.decoding = Decoding.impossible(relation.refused(version));
            } else {
                followed.decode(relation, version);
            }
        } else {
            TableId name = new TableId(message.namespace(), message.name());
            relation.decoding =
                    Decoding.impossible(new TableTold(relation.as(name), new TableNotice.Undecodable(found.trouble())));
        }
    }

    /** Takes what somebody told of a table; the answer is what the pipeline is to hear of it. */
    List<TableTold> take(TableMessage message) {
        last = null;
        return told.take(message);
    }
}
