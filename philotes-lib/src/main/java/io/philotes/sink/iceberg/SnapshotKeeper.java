// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.TableId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides on the older table snapshots of a sink's tables, and remembers those that are gone until their files may go, too. What
 * is remembered ends with the process: then such files are orphans. Thread-safe.
 */
final class SnapshotKeeper {

    /** Of one table, in case nothing can be removed; what is forgotten is an orphan. */
    private static final int MOST = 20_000;

    private final Optional<SnapshotRetention> retention;
    private final Map<Name, Deque<Gone>> gone = new HashMap<>();

    /** A table, not what came after it under its name. */
    record Name(TableId source, UUID table) {}

    private record Gone(ExpiredSnapshot snapshot, Instant at) {}

    /**
     * A table's expired table snapshots.
     *
     * @param due whose files may go
     * @param read whose files may still be read
     */
    record Leftovers(List<ExpiredSnapshot> due, List<ExpiredSnapshot> read) {

        List<ExpiredSnapshot> all() {
            List<ExpiredSnapshot> all = new ArrayList<>(due);
            all.addAll(read);
            return all;
        }
    }

    /** @param retention empty when nothing expires */
    SnapshotKeeper(Optional<SnapshotRetention> retention) {
        this.retention = retention;
    }

    /** What a commit does about the table's older table snapshots. */
    SnapshotExpiry expiry(Clock clock) {
        return new SnapshotExpiry(retention, clock);
    }

    /** A commit took them out of the table. */
    synchronized void expired(TargetTable table, List<ExpiredSnapshot> snapshots) {
        if (!snapshots.isEmpty()) {
            table.context().metrics().expired(table.source(), snapshots.size());
            Instant now = table.context().clock().instant();
            Deque<Gone> all = gone.computeIfAbsent(new Name(table.source(), table.uuid()), name -> new ArrayDeque<>());
            snapshots.forEach(snapshot -> all.add(new Gone(snapshot, now)));
            while (all.size() > MOST) {
                all.removeFirst();
            }
        }
    }

    /** The tables of which some files may go. */
    synchronized List<Name> due(Instant now) {
        Instant before = now.minus(keepFiles());
        return gone.entrySet().stream()
                .filter(table -> !table.getValue().peekFirst().at().isAfter(before))
                .map(Map.Entry::getKey)
                .toList();
    }

    synchronized Leftovers leftovers(Name table, Instant now) {
        Instant before = now.minus(keepFiles());
        List<ExpiredSnapshot> due = new ArrayList<>();
        List<ExpiredSnapshot> read = new ArrayList<>();
        gone.getOrDefault(table, new ArrayDeque<>())
                .forEach(one -> (one.at().isAfter(before) ? read : due).add(one.snapshot()));
        return new Leftovers(due, read);
    }

    /** The oldest are dealt with. */
    synchronized void forget(Name table, int number) {
        Deque<Gone> all = gone.getOrDefault(table, new ArrayDeque<>());
        for (int i = 0; i < number; i++) {
            all.pollFirst();
        }
        if (all.isEmpty()) {
            gone.remove(table);
        }
    }

    /** How long files of expired table snapshots may still be read. */
    Duration keepFiles() {
        return retention.map(SnapshotRetention::keepFiles).orElse(Duration.ZERO);
    }
}
