// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableFacts;
import io.philotes.model.TableNotice;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the partitions whose rows come before a picture has shown them: one that is made, filled, and dropped before the next
 * picture is seen nowhere else. Confined to the stream's thread.
 *
 * <p>For the first change of a partition the server sends the root's relation, if it has not yet, then the partition's, and then
 * the change as one of the root (pgoutput's {@code maybe_send_schema}). So a relation that is announced right before a change
 * of another one is a partition of that.
 */
final class UnknownLeaves {

    /** Those of which something was told. */
    private final Set<Integer> told = new HashSet<>();

    /** The relation of the last message, while no change came behind it; null behind one. */
    private Relation announced;

    void announced(Relation message) {
        announced = message;
    }

    /** What was announced last is not announced for the change that follows. */
    void forget() {
        announced = null;
    }

    /** The other relation that was announced right before a change; only for the first change behind it. */
    Optional<Relation> before(int oid) {
        if (announced == null) {
            return Optional.empty();
        }
        Relation last = announced;
        announced = null;
        return last.oid() == oid ? Optional.empty() : Optional.of(last);
    }

    /** What is to be told of a partition; empty when that was told, or a picture of its root has it. */
    Optional<TableNotice> notice(Relation leaf, FollowedRelation root) {
        TableFacts facts = root.known.map(known -> known.picture().facts()).orElse(TableFacts.NONE);
        long oid = Integer.toUnsignedLong(leaf.oid());
        boolean isKnown = facts.equals(TableFacts.NONE) || facts.leaves().containsKey(oid);
        // What a subtransaction announced is heard though its changes were rolled back: then any change may follow.
        if (isKnown || !names(leaf).equals(names(root.message)) || !told.add(leaf.oid())) {
            return Optional.empty();
        }
        return Optional.of(new TableNotice.Leaf(oid, leaf.namespace() + "." + leaf.name()));
    }

    private static Set<String> names(Relation message) {
        return message.columns().stream().map(RelationColumn::name).collect(Collectors.toSet());
    }
}
