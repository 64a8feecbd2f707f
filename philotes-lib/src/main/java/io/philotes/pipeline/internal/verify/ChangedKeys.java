// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TupleView;
import io.philotes.sink.RowDigester;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys were changed between the moment of the source's snapshot and that of the target's: of those nothing is known, be
 * they equal or not, for a target that lost just that change looks like the snapshot. In doubt a key counts as changed.
 * Confined to one thread.
 */
final class ChangedKeys {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Changed keys of one table that are held in memory, beside those that differ. */
    private static final int MAX_KEYS = 500_000;

    private final Map<Integer, Watched> tables = new HashMap<>();
    private final CompletedTuple completed = new CompletedTuple();
    private Lsn end = Lsn.ZERO;

    /** One table's keys. */
    private static final class Watched {

        private final TableCheck check;
        private final Optional<Set<RowKey>> asked;
        private final Set<RowKey> changed = new HashSet<>();
        private final Map<RelationSchema, RowDigester> digesters = new HashMap<>();

        private boolean complete = true;

        Watched(TableCheck check) {
            this.check = check;
            this.asked = check.asked();
        }

        /** Nobody can tell which. */
        void all() {
            changed.addAll(check.differing().keySet());
            changed.addAll(asked.orElse(Set.of()));
            complete &= asked.isPresent();
        }

        void add(RowKey key) {
            if (check.differing().containsKey(key)
                    || asked.map(keys -> keys.contains(key)).orElse(changed.size() < MAX_KEYS)) {
                changed.add(key);
            } else {
                complete &= asked.isPresent() || changed.contains(key);
            }
        }

        void key(RelationSchema version, TupleView row) {
            if (!version.columns().equals(check.relation().columns())) {
                all();
                return;
            }
            try {
                add(RowKey.of(
                        digesters.computeIfAbsent(version, check::digester).digestKey(row)));
            } catch (PhilotesException e) {
                if (e.recovery() != Recovery.DEAD_LETTER) {
                    throw e;
                }
                if (e.code() == ErrorCode.UNCHANGED_UNRESOLVED) {
                    // The target may well hold it; which key it is nobody told.
                    all();
                    return;
                }
                // The target cannot hold such a key, so none that is equal is meant.
                changed.addAll(check.differing().keySet());
            }
        }
    }

    ChangedKeys(Collection<TableCheck> checks) {
        for (TableCheck check : checks) {
            if (check.isTargetAhead()) {
                tables.put(check.relation().oid(), new Watched(check));
                end = Lsn.max(end, check.at());
            }
        }
    }

    boolean isNeeded() {
        return !tables.isEmpty();
    }

    /** Reads up to where the last target stands. */
    void read(ChangeStream stream, AttachedSource source, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        source.heartbeat();
        while (true) {
            ChangeBatch batch = stream.poll(POLL);
            if (batch != null) {
                take(batch.cursor());
                if (batch.endsOnBoundary() && !batch.endLsn().isBefore(end)) {
                    return;
                }
            } else if (System.nanoTime() - deadline > 0) {
                throw new PhilotesException(
                                ErrorCode.NOT_CAUGHT_UP, "Cannot verify: the source's changes did not come in time")
                        .at(end);
            } else {
                source.heartbeat();
            }
        }
    }

    private void take(ChangeCursor change) {
        while (change.next()) {
            switch (change.kind()) {
                case TRUNCATE ->
                    change.truncated().forEach(table -> {
                        if (tables.containsKey(table.oid())) {
                            tables.get(table.oid()).all();
                        }
                    });
                case INSERT, UPDATE, DELETE ->
                    take(change, tables.get(change.relation().oid()));
                case NOTICE, BEGIN, COMMIT -> {
                    // A picture changes no row; what else a notice tells, the target's own table state tells, too.
                }
            }
        }
    }

    private void take(ChangeCursor change, Watched table) {
        if (table == null || !change.commitLsn().isBefore(table.check.at())) {
            return;
        }
        RelationSchema version = change.relation();
        if (change.hasOldTuple()) {
            table.key(version, change.oldTuple());
        }
        if (change.kind() != ChangeCursor.Kind.DELETE) {
            table.key(version, completed.of(change));
        }
    }

    /** Of this table's keys that were compared. */
    Set<RowKey> of(TableCheck check) {
        Watched watched = tables.get(check.relation().oid());
        return watched == null ? Set.of() : watched.changed;
    }

    /** Whether {@link #of} names every one. */
    boolean isComplete(TableCheck check) {
        Watched watched = tables.get(check.relation().oid());
        return watched == null || watched.complete;
    }
}
