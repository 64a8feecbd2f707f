// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The checkpoint of this run: loaded once, saved with every step forward. Owned by the apply thread. */
final class CheckpointKeeper {

    private final String pipeline;
    private final CheckpointStore store;
    private final SourceGuard guard;
    private Checkpoint current;

    CheckpointKeeper(String pipeline, CheckpointStore store, SourceGuard guard) {
        this.pipeline = pipeline;
        this.store = store;
        this.guard = guard;
    }

    Optional<Checkpoint> load() {
        current = store.load(pipeline).orElse(null);
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
        Checkpoint stored = store.save(pipeline, next);
        if (stored.epoch() > next.epoch()) {
            throw new PhilotesException(
                    ErrorCode.FENCED,
                    "Cannot store progress: epoch " + stored.epoch()
                            + " of this pipeline runs elsewhere, this is epoch " + next.epoch());
        }
        current = next;
        return next;
    }

    Checkpoint current() {
        return current;
    }

    void remove() {
        store.remove(pipeline);
        current = null;
    }
}
