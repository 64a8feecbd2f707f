// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One sink's checkpoint: loaded when it is opened, saved with every step forward. Owned by its lane's thread. */
final class CheckpointKeeper {

    private final String key;
    private final CheckpointStore store;
    private final SourceGuard guard;
    private volatile Checkpoint current;
    private boolean loaded;
    private volatile boolean known;
    private volatile boolean removed;

    /**
     * @param key under which it is stored
     * @param guard by what the source is known again, which is stored too
     */
    CheckpointKeeper(String key, CheckpointStore store, SourceGuard guard) {
        this.guard = guard;
        this.key = key;
        this.store = store;
    }

    Optional<Checkpoint> load() {
        current = store.load(key).orElse(null);
        loaded = true;
        return Optional.ofNullable(current);
    }

    /** The first checkpoint of a pipeline: stored before anything is created at the source. */
    Checkpoint first() {
        return save(new Checkpoint(UUID.randomUUID().toString(), 1, guard.mark(), "", Lsn.ZERO, Map.of()));
    }

    /** A higher epoch for this run, so that an older instance is known for what it is; of the tables on the board only. */
    Checkpoint nextEpoch(TableBoard board) {
        return save(new Checkpoint(
                current.pipelineId(),
                current.epoch() + 1,
                guard.mark(),
                current.slot(),
                current.coveredUpTo(),
                board.snapshot()));
    }

    Checkpoint advance(Lsn coveredUpTo, TableBoard board) {
        return save(new Checkpoint(
                current.pipelineId(),
                current.epoch(),
                guard.mark(),
                current.slot(),
                Lsn.max(coveredUpTo, current.coveredUpTo()),
                board.snapshot()));
    }

    private Checkpoint save(Checkpoint next) {
        if (removed) {
            throw new PhilotesException(ErrorCode.FENCED, "Cannot store progress: the sink was removed");
        }
        Checkpoint stored = store.save(key, next);
        if (stored.epoch() > next.epoch()) {
            throw new PhilotesException(
                    ErrorCode.FENCED,
                    "Cannot store progress: epoch " + stored.epoch()
                            + " of this pipeline runs elsewhere, this is epoch " + next.epoch());
        }
        current = next;
        known = true;
        return next;
    }

    /** Forgets the tables, and remembers who it is: its targets stay its own. Nothing is stored after that. */
    void forgetTables() {
        try {
            if (current != null) {
                save(new Checkpoint(
                        current.pipelineId(),
                        current.epoch() + 1,
                        guard.mark(),
                        current.slot(),
                        current.coveredUpTo(),
                        Map.of()));
            }
        } finally {
            removed = true;
        }
    }

    /** Whether it could be loaded in this run. */
    boolean isLoaded() {
        return loaded;
    }

    /** Whether what the board says is stored, so that nobody need guess which tables are followed. Safe from any thread. */
    boolean isKnown() {
        return known;
    }

    /** Whether the content of some table stands for a position, as far as it is stored. */
    boolean anyLoaded() {
        return current != null
                && current.tables().values().stream().anyMatch(t -> t.state().isLoaded());
    }

    /** Whether it is stored that the content of this table stands for a position. Safe from any thread. */
    boolean hasLoaded(TableId table) {
        Checkpoint stored = current;
        TableProgress progress = stored == null ? null : stored.tables().get(table);
        return progress != null && progress.state().isLoaded();
    }

    Checkpoint current() {
        return current;
    }

    /**
     * Nothing came of a first load, and the next one may be of another source. Who this is stays: it may have made targets
     * already, which belong to it.
     */
    void forgetSource() {
        if (current != null) {
            save(new Checkpoint(current.pipelineId(), current.epoch() + 1, SourceMark.UNKNOWN, "", Lsn.ZERO, Map.of()));
        }
    }
}
