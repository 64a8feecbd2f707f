// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.internal.verify.VerifiedSink;
import java.time.Duration;
import java.util.Set;

/** A lane as a verification sees it. Thread-safe. */
record VerifiedLane(RunState run, Lane lane) implements VerifiedSink {

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
                        "Cannot verify: which tables the sink " + name() + " has is not known yet" + why)
                .hinting("wait until the status says RUNNING, or verify another sink");
    }

    @Override
    public String name() {
        return lane.name().sink();
    }

    @Override
    public Set<TableId> tables() {
        return lane.board().tables();
    }

    @Override
    public TableProgress progress(TableId table) {
        return lane.board().progress(table);
    }

    @Override
    public void wantCommit(Lsn upTo) {
        lane.progress().wantCommit(upTo);
    }

    @Override
    public void rest(Duration pause) throws InterruptedException {
        if (lane.health().hasFailed()) {
            throw lane.health().failure().orElseThrow();
        }
        if (run.lifecycle().stopRequested() || run.lifecycle().state().isFinal() || lane.isLeaving()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot verify: the pipeline or its sink is at its end");
        }
        run.lifecycle().await(pause);
    }

    @Override
    public boolean holdsTable(PhilotesException failure) {
        return FailurePolicy.afterCopy(failure) == FailurePolicy.Action.HOLD_TABLE;
    }
}
