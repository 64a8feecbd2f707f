// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.CommitResult;
import io.philotes.sink.Divergence;
import io.philotes.sink.Rejection;
import io.philotes.sink.Sink;
import io.philotes.sink.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows a write, and a commit round. Owned by the lane's thread.
 *
 * <p>The order of a round is the promise: dead letters (with each write), divergences, sink commit, checkpoint, the letters that
 * the commit settled, trim. A crash between any two repeats work and loses none.
 */
final class CommitRound {

    private static final Logger LOG = LoggerFactory.getLogger(CommitRound.class);

    /** With a short interval every round may be long. */
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final PipelineSettings settings;
    private final ChangeBuffer buffer;
    private final Sink sink;
    private final TableBoard board;
    private final CheckpointKeeper checkpoints;
    private final LaneProgress progress;
    private final Listeners listeners;
    private final Lane lane;
    private final BufferFloor floor;
    private Instant quietUntil = Instant.MIN;

    CommitRound(Lane lane, BufferFloor floor) {
        this.lane = lane;
        this.floor = floor;
        this.settings = lane.settings();
        this.buffer = lane.buffer();
        this.sink = lane.sink();
        this.board = lane.board();
        this.checkpoints = lane.checkpoints();
        this.progress = lane.progress();
        this.listeners = new Listeners(settings.listeners());
    }

    /** Takes down what a write came back with. */
    void note(WriteResult result) {
        for (Rejection rejection : result.rejections()) {
            FailurePolicy.requireGoingOn(lane.rows(), rejection.failure().inTable(rejection.table()));
            refused(
                    rejection.table(),
                    rejection
                            .failure()
                            .inTable(rejection.table())
                            .at(rejection.at().commitLsn()));
        }
        for (Divergence divergence : result.divergences()) {
            board.diverged(divergence.table(), divergence.reason());
        }
        lane.desk().note(result);
    }

    private void refused(TableId table, PhilotesException why) {
        String reason = why.getMessage() + " -- " + why.hint();
        if (FailurePolicy.stateAfter(why) == TableState.NEEDS_RESYNC) {
            board.needsResync(table, reason);
        } else {
            board.held(table, reason);
        }
    }

    /** Commits everything that was written; {@code upTo} is the end of the last transaction in it. */
    void run(Lsn upTo) throws InterruptedException {
        Instant began = settings.clock().instant();
        rememberFirst();
        CommitResult result = await(upTo);
        long rows = take(result);
        if (!result.outcomes().isEmpty()) {
            // What the commit found out is told by the next write, which may be long in coming.
            note(sink.write(ChangeBatch.progress(upTo)));
        }
        board.covered(upTo);
        checkpoints.advance(upTo, board);
        lane.desk().committed();
        releaseHeld(upTo);
        // Some table may be ahead of the reader, but what the reader has not passed is never trimmed.
        floor.moveTo(lane.name().sink(), Lsn.min(board.lowestPosition().orElse(upTo), upTo));
        progress.oldestUncommitted(0);
        progress.covered(upTo);
        progress.roundEnded();
        if (!result.outcomes().isEmpty()) {
            progress.committed(settings.clock().millis());
            listeners.tell(l -> l.committed(settings.name(), lane.name().sink(), upTo, rows));
        }
        noteLongRound(Duration.between(began, settings.clock().instant()));
    }

    /**
     * What the commit makes final is not told again after a crash, so that a table diverged is stored before it; and so is the
     * timeline from which it came, or the table would seem to have what the source left behind.
     */
    private void rememberFirst() {
        if (checkpoints.isBehind() || hasNewDivergence()) {
            checkpoints.advance(checkpoints.current().coveredUpTo(), board);
        }
    }

    private boolean hasNewDivergence() {
        Map<TableId, TableProgress> stored = checkpoints.current().tables();
        return board.inState(TableState.DIVERGED).stream()
                .anyMatch(
                        table -> !stored.containsKey(table) || stored.get(table).state() != TableState.DIVERGED);
    }

    private CommitResult await(Lsn upTo) {
        try {
            return sink.commit(upTo).toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot wait for the commit: interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new PhilotesException(ErrorCode.COMMIT_UNKNOWN, "Cannot tell how the commit ended", e.getCause());
        }
    }

    private long take(CommitResult result) {
        long rows = 0;
        PhilotesException unknown = null;
        for (Map.Entry<TableId, CommitResult.Outcome> entry : result.outcomes().entrySet()) {
            CommitResult.Outcome outcome = entry.getValue();
            switch (outcome.kind()) {
                case COMMITTED -> {
                    rows += outcome.rows();
                    board.committed(
                            entry.getKey(),
                            outcome.marker(),
                            outcome.rows(),
                            settings.clock().instant());
                }
                case HELD ->
                    refused(entry.getKey(), outcome.failure().orElseThrow().inTable(entry.getKey()));
                case UNKNOWN -> unknown = outcome.failure().orElseThrow().inTable(entry.getKey());
            }
        }
        if (unknown != null) {
            // Nothing was remembered: the session begins again and asks each table how far it is.
            throw unknown;
        }
        return rows;
    }

    /** A table that waits for a person may pin half of the buffer, and no more; what a copy pins is not its doing. */
    private void releaseHeld(Lsn upTo) {
        boolean keepsTooMuch = buffer.heldBytes() > buffer.limitBytes() / 2
                && !floor.anotherNeedsMore(lane.name().sink());
        if (!keepsTooMuch) {
            return;
        }
        Lsn pin = board.lowestPin().orElse(upTo);
        List<TableId> pinning = board.inState(TableState.HELD).stream()
                .filter(table -> board.progress(table).position().isBefore(pin))
                .toList();
        if (pinning.isEmpty()) {
            return;
        }
        pinning.forEach(table -> board.needsResync(
                table,
                "held for so long that its changes filled half of the buffer; "
                        + board.progress(table).reason()));
        checkpoints.advance(upTo, board);
    }

    private void noteLongRound(Duration took) {
        Instant now = settings.clock().instant();
        if (took.compareTo(settings.commitInterval()) > 0 && !now.isBefore(quietUntil)) {
            quietUntil = now.plus(BETWEEN_WARNINGS);
            LOG.warn(
                    "Pipeline {}: a commit round took {} ms, longer than the interval of {} ms; the next changes are"
                            + " gathered for as long",
                    lane.name(),
                    took.toMillis(),
                    settings.commitInterval().toMillis());
        }
    }
}
