// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.SinkState;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits until every sink has what was in the WAL at the call. Used by one caller's thread. */
final class CatchUp {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final AttachedSource source;
    private final RunState run;

    CatchUp(AttachedSource source, RunState run) {
        this.source = source;
        this.run = run;
    }

    void await(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Lsn target = source.writtenEnd();
        while (!hasReached(target)) {
            requireHope(target, deadline);
            // Each time: a sink may be added meanwhile, and is waited for.
            run.lanes().forEach(lane -> lane.progress().wantCommit(target));
            run.lifecycle().await(PAUSE);
        }
        run.lanes().forEach(CatchUp::requireAllFollow);
    }

    private boolean hasReached(Lsn target) {
        return run.lifecycle().state() == PipelineState.RUNNING
                && run.lanes().stream().allMatch(lane -> isOpen(lane) && hasReached(lane, target));
    }

    /** Before, its tables are not known. */
    private static boolean isOpen(Lane lane) {
        return lane.health().state() == SinkState.RUNNING;
    }

    static boolean hasReached(Lane lane, Lsn target) {
        return !lane.progress().covered().isBefore(target)
                && lane.wishes().isEmpty()
                && lane.board().allReached(target);
    }

    private void requireHope(Lsn target, long deadline) {
        boolean stops = run.lifecycle().stopRequested();
        PipelineState state = run.lifecycle().state();
        if (state == PipelineState.STANDBY || state == PipelineState.FAILED) {
            throw run.lifecycle().failure().orElseThrow();
        }
        if (stops || state.isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_CAUGHT_UP, "Cannot catch up: the pipeline stops").at(target);
        }
        for (Lane lane : run.lanes()) {
            if (lane.health().hasFailed()) {
                throw lane.health().failure().orElseThrow();
            }
        }
        if (System.nanoTime() - deadline > 0) {
            throw new PhilotesException(
                            ErrorCode.NOT_CAUGHT_UP,
                            "Cannot catch up in time: committed up to "
                                    + run.lanes().covered() + ", state " + state)
                    .at(target);
        }
    }

    private static void requireAllFollow(Lane lane) {
        List<TableId> behind = new ArrayList<>(lane.board().inState(TableState.HELD));
        behind.addAll(lane.board().inState(TableState.NEEDS_RESYNC));
        if (!behind.isEmpty()) {
            throw new PhilotesException(
                            ErrorCode.NOT_CAUGHT_UP,
                            "Cannot catch up with every table: "
                                    + lane.board().progress(behind.get(0)).reason())
                    .inTable(behind.get(0));
        }
    }
}
