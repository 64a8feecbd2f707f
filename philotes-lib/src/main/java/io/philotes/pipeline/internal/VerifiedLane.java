// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.Set;

/** One sink of a run as a verification sees it. Thread-safe. */
record VerifiedLane(RunState run, Lane lane) {

    /**
     * Before a session opened the sink nobody knows what its tables are, and to compare none would look like success.
     *
     * @throws PhilotesException NOT_RUNNING when its tables are not known, or the failure because of which they will not be
     */
    void requireOpened() {
        if (lane.checkpoints().isKnown()) {
            return;
        }
        if (lane.health().hasFailed()) {
            throw lane.health().failure().orElseThrow();
        }
        String why = lane.health()
                .failure()
                .or(run.lifecycle()::failure)
                .map(failure -> ": " + failure.getMessage())
                .orElse("");
        throw new PhilotesException(
                        ErrorCode.NOT_RUNNING,
                        "Cannot verify: which tables the sink " + lane.name().sink() + " has is not known yet" + why)
                .hinting("wait until the status says RUNNING, or verify another sink");
    }

    Set<TableId> tables() {
        return lane.board().tables();
    }

    TableProgress progress(TableId table) {
        return lane.board().progress(table);
    }

    /** Asks that everything up to there be committed soon. */
    void wantCommit(Lsn upTo) {
        lane.progress().wantCommit(upTo);
    }

    /**
     * Rests.
     *
     * @throws PhilotesException NOT_RUNNING when pipeline or sink is at its end, or the sink's own failure
     */
    void rest(Duration pause) throws InterruptedException {
        if (lane.health().hasFailed()) {
            throw lane.health().failure().orElseThrow();
        }
        if (run.lifecycle().stopRequested() || run.lifecycle().state().isFinal() || lane.isLeaving()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot verify: the pipeline or its sink is at its end");
        }
        run.lifecycle().await(pause);
    }
}
