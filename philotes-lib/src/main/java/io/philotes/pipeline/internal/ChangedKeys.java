// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

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
import java.util.Set;

/**
 * Which of the keys that differ were changed between the moment of the source's snapshot and that of the target's: of those
 * nothing is known. In doubt a key counts as changed. Confined to one thread.
 */
final class ChangedKeys {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<Integer, Watched> tables = new HashMap<>();
    private Lsn end = Lsn.ZERO;

    /** One table's keys. */
    private static final class Watched {

        private final TableCheck check;
        private final Set<RowKey> changed = new HashSet<>();
        private final Map<RelationSchema, RowDigester> digesters = new HashMap<>();

        Watched(TableCheck check) {
            this.check = check;
        }

        void all() {
            changed.addAll(check.differing().keySet());
        }

        void key(RelationSchema version, TupleView row) {
            if (!version.columns().equals(check.relation().columns())) {
                all();
                return;
            }
            try {
                RowKey key = RowKey.of(
                        digesters.computeIfAbsent(version, check::digester).digestKey(row));
                if (check.differing().containsKey(key)) {
                    changed.add(key);
                }
            } catch (PhilotesException e) {
                if (e.recovery() != Recovery.DEAD_LETTER) {
                    throw e;
                }
                all();
            }
        }
    }

    ChangedKeys(Collection<TableCheck> checks) {
        for (TableCheck check : checks) {
            if (!check.differing().isEmpty()) {
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

    private static void take(ChangeCursor change, Watched table) {
        if (table == null || !change.commitLsn().isBefore(table.check.at())) {
            return;
        }
        RelationSchema version = change.relation();
        if (change.hasOldTuple()) {
            table.key(version, change.oldTuple());
        }
        if (change.kind() != ChangeCursor.Kind.DELETE) {
            table.key(version, change.newTuple());
        }
    }

    /** Of this table's keys that differ. */
    Set<RowKey> of(TableCheck check) {
        Watched watched = tables.get(check.relation().oid());
        return watched == null ? Set.of() : watched.changed;
    }
}
