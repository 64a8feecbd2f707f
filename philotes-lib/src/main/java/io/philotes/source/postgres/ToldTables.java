// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import java.util.List;
import java.util.Optional;

/** What {@link TableMessage}s say of the relations of one stream. Confined to the stream's thread. */
final class ToldTables {

    private final SourceTables tables;
    private final FollowedRelations followed;
    private final CatalogSession session;

    ToldTables(SourceTables tables, FollowedRelations followed, CatalogSession session) {
        this.tables = tables;
        this.followed = followed;
        this.session = session;
    }

    /** Takes what somebody told of a table; the answer is what the pipeline is to hear of it. */
    List<TableTold> take(TableMessage message) {
        if (message instanceof TableMessage.Seen seen) {
            return seen(seen.picture(), seen.looked());
        }
        if (message instanceof TableMessage.Gone gone) {
            return followed.isTable(gone.oid()) ? gone(gone) : List.of();
        }
        TableMessage.Failed failed = (TableMessage.Failed) message;
        return failed.oid().map(List::of).orElseGet(followed::tables).stream()
                .filter(followed::isTable)
                .flatMap(oid -> failed(followed.follow(oid), failed.why()).stream())
                .toList();
    }

    private List<TableTold> seen(CatalogPicture seen, boolean looked) {
        int oid = seen.table().oid();
        boolean wanted = (followed.isTable(oid) || tables.covers(seen.table().id()))
                && seen.ancestors().stream().noneMatch(tables::covers);
        if (!wanted) {
            return List.of();
        }
        FollowedRelation relation = followed.follow(oid);
        if (!looked) {
            followed.doubt(oid);
        }
        RuledPicture picture = session.ask("read the catalog", connection -> tables.picture(connection, seen));
        // What an earlier process knew of a table with rules is what they leave of it: nothing to compare with.
        boolean untold = looked && picture.relation().isPlain() && relation.wasAlteredUntold(picture.wire());
        followed.remember(relation, picture.wire());
        if (untold) {
            return List.of(new TableTold(
                    relation.as(seen.table().id()),
                    new TableNotice.Undecodable("it was altered while the event trigger was silent")));
        }
        if (picture.relation().refusal().isPresent()) {
            TableTold refused = relation.refused(picture.relation());
            if (relation.message != null) {
                relation.decoding = Decoding.impossible(refused);
            }
            return List.of(refused);
        }
        RelationSchema given = picture.relation().given();
        if (relation.message != null && tables.shows(seen, relation.message)) {
            given = followed.decode(relation, picture.relation());
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
        FollowedRelation relation = followed.follow(gone.oid());
        relation.named = Optional.empty();
        return List.of(told(relation, gone.table(), gone.why()));
    }

    /** The event trigger met its limits: it tells of every change no longer, so nothing may be built on that. */
    private Optional<TableTold> failed(FollowedRelation relation, String why) {
        relation.known.ifPresent(k -> {
            TablePicture before = k.picture();
            followed.learn(
                    relation, new TablePicture(before.relation(), before.facts().withTracking("")));
        });
        return relation.named.map(
                name -> new TableTold(relation.as(name), new TableNotice.Undecodable("it was altered: " + why)));
    }
}
