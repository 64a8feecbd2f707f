// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import io.philotes.model.TablePicture;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each relation was known to be, and from which place of the WAL on, over all streams and copies of one pipeline.
 * Thread-safe.
 *
 * <p>A stream may go over the same place again, and a copy may be ahead of it: so a relation is asked for as of a place, and
 * never answered with what came later.
 */
final class KnownRelations {

    /** So many places of one relation are remembered; of older ones less is known then, and nothing wrong. */
    private static final int MAX_PLACES = 32;

    /**
     * @param since the place
     * @param picture what it was from there on
     */
    record Known(Lsn since, TablePicture picture) {}

    private final Map<Integer, NavigableMap<Lsn, TablePicture>> relations = new ConcurrentHashMap<>();
    private final Set<Integer> doubted = ConcurrentHashMap.newKeySet();

    boolean knows(int oid) {
        return relations.containsKey(oid);
    }

    List<Integer> oids() {
        return List.copyOf(relations.keySet());
    }

    /** What was known last at a place. */
    Optional<Known> at(int oid, Lsn place) {
        NavigableMap<Lsn, TablePicture> places = relations.getOrDefault(oid, new TreeMap<>());
        synchronized (places) {
            return Optional.ofNullable(places.floorEntry(place))
                    .map(entry -> new Known(entry.getKey(), entry.getValue()));
        }
    }

    /** Remembers; the answer is the instance known already at that place when its content is the same. */
    TablePicture remember(Lsn since, TablePicture picture) {
        NavigableMap<Lsn, TablePicture> places =
                relations.computeIfAbsent(picture.relation().oid(), oid -> new TreeMap<>());
        synchronized (places) {
            Map.Entry<Lsn, TablePicture> before = places.floorEntry(since);
            if (before != null && before.getValue().equals(picture)) {
                return before.getValue();
            }
            TablePicture kept = before != null && before.getValue().relation().equals(picture.relation())
                    ? new TablePicture(before.getValue().relation(), picture.facts())
                    : picture;
            places.put(since, kept);
            if (places.size() > MAX_PLACES) {
                places.pollFirstEntry();
            }
            return kept;
        }
    }

    /** The stream heard what no look told: the next look is to tell of the relation, even if it is what was told last. */
    void doubt(int oid) {
        doubted.add(oid);
    }

    /** The relations in doubt, which are so no longer. */
    Set<Integer> takeDoubted() {
        Set<Integer> taken = Set.copyOf(doubted);
        doubted.removeAll(taken);
        return taken;
    }
}
