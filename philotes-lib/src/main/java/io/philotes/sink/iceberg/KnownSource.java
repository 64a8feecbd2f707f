// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableFacts;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.model.UntoldChanges;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;

/**
 * What is known of one source table at the newest written change; it goes into the target with the data before it. So
 * nothing is lost in a crash: a picture that was not committed comes again, and is compared with the same older one.
 * Confined to the thread that works on the table.
 */
final class KnownSource {

    private final TargetTable target;
    private final boolean mirrors;
    private final Set<Long> truncatedBy = new HashSet<>();
    private RelationSchema relation;
    private TableFacts facts;
    private TableFacts followed;

    KnownSource(TargetTable target, boolean mirrors) {
        this.target = target;
        this.mirrors = mirrors;
    }

    private TableFacts facts() {
        return facts == null ? SourcePicture.facts(target.properties()) : facts;
    }

    /** The target's columns are those of the newest version now. */
    void followed() {
        followed = facts();
    }

    /** A column above it is new; one that is not, and that the target does not have, was left out before. */
    int highestAttnum() {
        TableFacts last = followed == null ? SourcePicture.facts(target.properties()) : followed;
        return last.highestAttnum();
    }

    /** A row or TRUNCATE of a relation version was written. */
    void wrote(RelationSchema version, ChangeCursor change) {
        relation = version;
        if (change.kind() == ChangeCursor.Kind.TRUNCATE) {
            truncatedBy.add(Integer.toUnsignedLong(change.xid()));
        } else if (!truncatedBy.isEmpty()) {
            // A partition emptied behind the row, in the same transaction, would look the same.
            truncatedBy.remove(Integer.toUnsignedLong(change.xid()));
        }
    }

    /** Takes a newer picture; returns why source and target differ by what it shows. */
    List<String> take(TablePicture picture) {
        TableFacts before = facts();
        UntoldChanges untold = UntoldChanges.between(before, picture, truncatedBy);
        List<String> reasons = new ArrayList<>(untold.lost());
        if (mirrors) {
            reasons.addAll(untold.rewritten());
        }
        boolean sameRules = before.equals(TableFacts.NONE)
                || before.rules().equals(picture.facts().rules());
        if (!sameRules) {
            reasons.add(
                    "what is published of the table, left out, masked or filtered changed, or it was not published for a while");
        }
        relation = picture.relation();
        facts = sameRules ? picture.facts() : picture.facts().ofContentBy(before.rules());
        truncatedBy.clear();
        return reasons;
    }

    /** Takes that rows of a partition came which no picture has shown: one that lacks it tells of rows that went. */
    void saw(RelationSchema version, TableNotice.Leaf leaf) {
        TableFacts before = facts();
        facts = before.withSeenLeaf(leaf.oid(), leaf.name());
        if (!facts.equals(before)) {
            relation = version;
        }
    }

    /** Whether the target does not say so yet. */
    boolean isNew() {
        return !pending().isEmpty();
    }

    void put(Transaction transaction) {
        Map<String, String> pending = pending();
        if (!pending.isEmpty()) {
            UpdateProperties update = transaction.updateProperties();
            pending.forEach(update::set);
            update.commit();
        }
    }

    private Map<String, String> pending() {
        if (relation == null) {
            return Map.of();
        }
        Map<String, String> pending = SourcePicture.properties(relation, facts());
        pending.entrySet().removeIf(entry -> Objects.equals(target.properties().get(entry.getKey()), entry.getValue()));
        return pending;
    }

    /** What was not committed comes again, or is committed now. TRUNCATEs stay known: they may have been committed before. */
    void forget() {
        relation = null;
        facts = null;
        followed = null;
    }
}
