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

/**
 * One sink's checkpoint: loaded when it is opened, saved with every step forward. Owned by its lane's thread, but for {@link
 * #rememberWay}, which is capture's; what both change is guarded by {@code this}.
 */
final class CheckpointKeeper {

    private final String key;
    private final CheckpointStore store;
    private final SourceGuard guard;
    private volatile Checkpoint current;
    private boolean loaded;
    private boolean proved;
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

    synchronized Optional<Checkpoint> load() {
        Checkpoint found = store.load(key).orElse(null);
        // Another process may have been here since, and what it committed nobody has looked at.
        proved &= found != null && current != null && found.epoch() == current.epoch();
        current = found;
        loaded = true;
        return stored();
    }

    /** What is stored as far as it is known here; empty when nothing is. */
    Optional<Checkpoint> stored() {
        return Optional.ofNullable(current);
    }

    /** The first checkpoint of a pipeline: stored before anything is created at the source. */
    synchronized Checkpoint first() {
        return save(new Checkpoint(UUID.randomUUID().toString(), 1, guard.mark(), "", Lsn.ZERO, Map.of()));
    }

    /**
     * A higher epoch for this run, so that an older instance is known for what it is; of the tables on the board only. The
     * timelines stay as they were known, until the sink is asked what it has of them.
     */
    synchronized Checkpoint nextEpoch(TableBoard board) {
        return save(new Checkpoint(
                current.pipelineId(),
                current.epoch() + 1,
                guard.mark().with(current.source().timelines()),
                current.slot(),
                current.coveredUpTo(),
                board.snapshot()));
    }

    /**
     * What the sink has, as the board says, is in the past of the source that is followed, whose mark is stored from here on.
     *
     * @param then by what the source was known when the sink was left
     * @throws PhilotesException SOURCE_REWOUND when the source went on without some of it; the stored mark stays
     */
    synchronized void prove(SourceMark then, TableBoard board) {
        SamePast.requireTimeline(then, guard.mark(), board.heldUpTo());
        proved = true;
        if (!current.source().equals(guard.mark())) {
            storeMark();
        }
    }

    /** Whether the source is followed along timelines that are not stored: what comes from them would look like another past. */
    boolean isBehind() {
        return !current.source().timelines().equals(guard.mark().timelines());
    }

    /**
     * Sees to it that the timelines which are followed are stored; not before the sink was asked what it has of those that were
     * known. Safe from any thread.
     *
     * @return whether they are
     */
    synchronized boolean rememberWay() {
        if (proved && isBehind()) {
            storeMark();
        }
        return current != null && !isBehind();
    }

    /** To what is stored, which may be more than what was answered; an older place would not be taken. */
    private void storeMark() {
        Checkpoint last =
                store.load(key).filter(one -> one.epoch() == current.epoch()).orElse(current);
        save(new Checkpoint(
                last.pipelineId(), last.epoch(), guard.mark(), last.slot(), last.coveredUpTo(), last.tables()));
    }

    synchronized Checkpoint advance(Lsn coveredUpTo, TableBoard board) {
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
    synchronized void forgetTables() {
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
    synchronized void forgetSource() {
        if (current != null) {
            save(new Checkpoint(current.pipelineId(), current.epoch() + 1, SourceMark.UNKNOWN, "", Lsn.ZERO, Map.of()));
        }
    }
}
