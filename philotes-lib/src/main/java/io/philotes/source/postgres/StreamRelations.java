// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
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
    private final KnownRelations known;
    private final Set<Integer> configuredOids;
    private final Optional<StreamMode> binary;
    private final CatalogSession session;
    private final CatalogNow catalog;
    private final Map<Integer, FollowedRelation> followed = new HashMap<>();
    private final UnknownLeaves leaves = new UnknownLeaves();

    /** How the relations stood of which a transaction speaks that arrived earlier; null while none is given on. */
    private Map<Integer, FollowedRelation.Heard> before;

    private long arrivals;

    /** What is to be told before the change at hand; null when nothing is. */
    private TableTold news;

    private Begin transaction;
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
        this.known = known;
        this.configuredOids = configuredOids;
        this.binary = binary;
        this.session = session;
        this.catalog = new CatalogNow(tables, session);
    }

    /** What follows is of this transaction. */
    void begin(Begin begin) {
        transaction = begin;
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
        if (leaf.isPresent() && !isTable(leaf.get().oid()) && last.relation().isPresent()) {
            FollowedRelation root = followed.get(oid);
            root.learn(known.at(oid, place()));
            leaves.notice(leaf.get(), root).ifPresent(notice -> {
                known.doubt(oid);
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
        if (relation.decoding.trouble().isPresent() && relation.learn(known.at(oid, place()))) {
            resolve(relation);
        }
        return relation.decoding;
    }

    private Lsn place() {
        return transaction.finalLsn();
    }

    /** Where what the open transaction did to definitions begins to be so for the next. */
    private Lsn behind() {
        return new Lsn(place().value() + 1);
    }

    /** Takes a Relation message: from now on it decodes the relation's changes. */
    void announce(Relation message) {
        last = null;
        leaves.announced(message);
        FollowedRelation relation = follow(message.oid());
        if (before == null) {
            relation.arrived = arrives();
        } else {
            before.putIfAbsent(message.oid(), relation.heard());
        }
        relation.message = message;
        boolean wanted = isTable(message.oid()) || tables.covers(new TableId(message.namespace(), message.name()));
        if (wanted) {
            relation.learn(known.at(message.oid(), place()));
            resolve(relation);
        } else {
            relation.decoding = Decoding.UNWANTED;
        }
    }

    private FollowedRelation follow(int oid) {
        return followed.computeIfAbsent(oid, o -> new FollowedRelation(oid, known.at(oid, place())));
    }

    /** Whether it is a table of the pipeline by its oid. A partition never is, although its name may be covered. */
    private boolean isTable(int oid) {
        return configuredOids.contains(oid) || known.knows(oid);
    }

    private void resolve(FollowedRelation relation) {
        Relation message = relation.message;
        CatalogNow.Seen now = catalog.read(message, transaction.xid());
        RelationResolver.Resolution found = RelationResolver.resolve(
                message, relation.known.map(KnownRelations.Known::picture), now, tables.publication(), tables.types());
        if (found.picture().isPresent()) {
            TablePicture wire = learn(relation, found.picture().get());
            RuledRelation version =
                    tables.rules().apply(wire.relation(), now.picture().map(CatalogPicture::table));
            if (version.refusal().isPresent()) {
                relation.decoding = Decoding.impossible(refused(relation, version));
            } else {
                requireReadable(version);
                relation.decodeBy(version);
            }
        } else {
            TableId name = new TableId(message.namespace(), message.name());
            relation.decoding =
                    Decoding.impossible(new TableTold(relation.as(name), new TableNotice.Undecodable(found.trouble())));
        }
    }

    /** Nothing is told of a relation whose rules cannot be applied, but that: what should be hidden is not known. */
    private static TableTold refused(FollowedRelation relation, RuledRelation version) {
        String why = version.refusal().orElseThrow();
        return new TableTold(
                relation.as(version.wire().table()),
                new TableNotice.Undecodable(ColumnRules.refused(why).reason()));
    }

    private TablePicture learn(FollowedRelation relation, TablePicture picture) {
        int oid = picture.relation().oid();
        TablePicture kept = isTable(oid) ? known.remember(behind(), picture) : picture;
        relation.known = Optional.of(new KnownRelations.Known(behind(), kept));
        return kept;
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

    /** Takes what somebody told of a table; the answer is what the pipeline is to hear of it. */
    List<TableTold> take(TableMessage message) {
        last = null;
        if (message instanceof TableMessage.Seen seen) {
            return seen(seen.picture(), seen.looked());
        }
        if (message instanceof TableMessage.Gone gone) {
            return isTable(gone.oid()) ? gone(gone) : List.of();
        }
        TableMessage.Failed failed = (TableMessage.Failed) message;
        return failed.oid().map(List::of).orElseGet(known::oids).stream()
                .filter(this::isTable)
                .flatMap(oid -> failed(follow(oid), failed.why()).stream())
                .toList();
    }

    private List<TableTold> seen(CatalogPicture seen, boolean looked) {
        int oid = seen.table().oid();
        boolean wanted = (isTable(oid) || tables.covers(seen.table().id()))
                && seen.ancestors().stream().noneMatch(tables::covers);
        if (!wanted) {
            return List.of();
        }
        FollowedRelation relation = follow(oid);
        if (!looked) {
            known.doubt(oid);
        }
        RuledPicture picture = session.ask("read the catalog", connection -> tables.picture(connection, seen));
        // What an earlier process knew of a table with rules is what they leave of it: nothing to compare with.
        boolean untold = looked && picture.relation().isPlain() && relation.wasAlteredUntold(picture.wire());
        relation.known = Optional.of(new KnownRelations.Known(behind(), known.remember(behind(), picture.wire())));
        if (untold) {
            return List.of(new TableTold(
                    relation.as(seen.table().id()),
                    new TableNotice.Undecodable("it was altered while the event trigger was silent")));
        }
        if (picture.relation().refusal().isPresent()) {
            TableTold refused = refused(relation, picture.relation());
            if (relation.message != null) {
                relation.decoding = Decoding.impossible(refused);
            }
            return List.of(refused);
        }
        RelationSchema given = picture.relation().given();
        if (relation.message != null && tables.shows(seen, relation.message)) {
            requireReadable(picture.relation());
            given = relation.decodeBy(picture.relation());
        }
        TableId name = seen.table().id();
        TableTold now = new TableTold(given, new TableNotice.Picture(picture.facts()));
        Optional<TableId> other = relation.named.filter(before -> !before.equals(name));
        relation.named = Optional.of(name);
        return other.map(before -> List.of(told(relation, before, "it was renamed to " + name), now))
                .orElse(List.of(now));
    }

    private static TableTold told(FollowedRelation relation, TableId name, String why) {
        return new TableTold(relation.as(name), new TableNotice.Gone(why));
    }

    private List<TableTold> gone(TableMessage.Gone gone) {
        FollowedRelation relation = follow(gone.oid());
        relation.named = Optional.empty();
        return List.of(told(relation, gone.table(), gone.why()));
    }

    /** The event trigger met its limits: it tells of every change no longer, so nothing may be built on that. */
    private Optional<TableTold> failed(FollowedRelation relation, String why) {
        relation.known.ifPresent(k -> {
            TablePicture before = k.picture();
            learn(relation, new TablePicture(before.relation(), before.facts().withTracking("")));
        });
        return relation.named.map(
                name -> new TableTold(relation.as(name), new TableNotice.Undecodable("it was altered: " + why)));
    }
}
