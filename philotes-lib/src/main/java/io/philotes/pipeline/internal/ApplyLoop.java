// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.BufferReader;
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
 * Moves batches from the buffer into the sink, commits, remembers, and only then lets the buffer forget. Owned by the apply
 * thread; {@link #step} can be called without one.
 *
 * <p>The order of a commit round is the promise: divergences, sink commit, checkpoint, trim. A crash between any two repeats work and
 * loses none.
 */
final class ApplyLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApplyLoop.class);

    /** An upper bound of one idle wait: a stop, a pause or a wish to commit is noticed in this time. */
    private static final Duration POLL = Duration.ofMillis(100);

    private final PipelineSettings settings;
    private final ChangeBuffer buffer;
    private final BufferReader reader;
    private final Sink sink;
    private final TableBoard board;
    private final CheckpointKeeper checkpoints;
    private final Progress progress;
    private final SilentTables silent;
    private final Listeners listeners;

    private Lsn cursor;
    private boolean onBoundary = true;
    private long pendingChanges;
    private long pendingBytes;
    private Instant lastRound;

    ApplyLoop(PipelineParts parts, RunState run, Lsn after) {
        this.settings = parts.settings();
        this.buffer = parts.buffer();
        this.sink = parts.sink();
        this.board = run.board();
        this.checkpoints = run.checkpoints();
        this.progress = run.progress();
        this.silent = run.silent();
        this.listeners = new Listeners(settings.listeners());
        this.cursor = after;
        this.reader = buffer.reader(parts.sinkName(), after);
        this.lastRound = settings.clock().instant();
    }

    void step() throws InterruptedException {
        step(POLL);
    }

    /** One batch, or one idle wait; and a commit round when one is due. */
    void step(Duration patience) throws InterruptedException {
        ChangeBatch batch = reader.poll(patience);
        if (batch != null) {
            take(batch);
        }
        if (onBoundary && roundIsDue()) {
            round();
        }
    }

    private void take(ChangeBatch batch) throws InterruptedException {
        if (!batch.isEmpty()) {
            if (pendingChanges == 0) {
                progress.oldestUncommitted(batch.extent().lastCommitMicros());
            }
            note(sink.write(batch));
            pendingChanges += batch.changeCount();
            pendingBytes += batch.length();
        }
        onBoundary = batch.endsOnBoundary();
        if (onBoundary) {
            cursor = Lsn.max(cursor, batch.endLsn());
        }
    }

    private void note(WriteResult result) {
        for (Rejection rejection : result.rejections()) {
            PhilotesException why = rejection
                    .failure()
                    .inTable(rejection.table())
                    .at(rejection.at().commitLsn());
            board.held(rejection.table(), why.getMessage() + " -- " + why.hint());
        }
        for (Divergence divergence : result.divergences()) {
            board.diverged(divergence.table(), divergence.reason());
        }
    }

    private boolean roundIsDue() {
        if (pendingChanges == 0 && !cursor.isAfter(progress.covered())) {
            return false;
        }
        return progress.commitWantedAt(cursor)
                || keepsHalfOfTheBuffer()
                || sink.uncommittedBytes() >= settings.commitMaxBytes()
                || !settings.clock().instant().isBefore(lastRound.plus(settings.commitInterval()));
    }

    /**
     * Only a commit makes room, so a busy source would otherwise wait for the interval. What counts is what this loop has
     * taken and the buffer must still keep, not what is waiting to be taken.
     */
    private boolean keepsHalfOfTheBuffer() {
        return pendingBytes >= buffer.limitBytes() / 2;
    }

    /** Commits what is written, if the place is a boundary; what is not comes again. For an orderly stop. */
    void finish() {
        if (onBoundary && (pendingChanges > 0 || cursor.isAfter(progress.covered()))) {
            round();
        }
    }

    private void round() {
        Instant began = settings.clock().instant();
        putAsideSilentTables();
        rememberDivergences();
        CommitResult result = await(cursor);
        long rows = take(result);
        board.covered(cursor);
        checkpoints.advance(cursor, board);
        releaseHeld();
        buffer.trim(board.lowestPosition().orElse(cursor));
        pendingChanges = 0;
        pendingBytes = 0;
        progress.oldestUncommitted(0);
        progress.covered(cursor, settings.clock().millis());
        if (!result.outcomes().isEmpty()) {
            progress.committed(settings.clock().millis());
            listeners.tell(l -> l.committed(settings.name(), cursor, rows));
        }
        lastRound = settings.clock().instant();
        noteLongRound(Duration.between(began, lastRound));
    }

    /** Such a table looks as if nothing happened to it, and everything may have. */
    private void putAsideSilentTables() {
        for (TableId table : silent.take()) {
            if (board.progress(table).state().isLoaded()) {
                sink.suspend(table);
                board.needsResync(
                        table, "its changes stopped coming: dropped and created again, or out of the publication");
            }
        }
    }

    /** What the commit makes final is not told again after a crash, so that a table diverged is stored before it. */
    private void rememberDivergences() {
        Map<TableId, TableProgress> stored = checkpoints.current().tables();
        boolean news = board.inState(TableState.DIVERGED).stream()
                .anyMatch(
                        table -> !stored.containsKey(table) || stored.get(table).state() != TableState.DIVERGED);
        if (news) {
            checkpoints.advance(checkpoints.current().coveredUpTo(), board);
        }
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
                    board.held(
                            entry.getKey(),
                            outcome.failure().map(PhilotesException::getMessage).orElse("refused by the sink"));
                case UNKNOWN -> unknown = outcome.failure().orElseThrow().inTable(entry.getKey());
            }
        }
        if (unknown != null) {
            // Nothing was remembered: the session begins again and asks each table how far it is.
            throw unknown;
        }
        return rows;
    }

    /** A table that waits for a person may pin half of the buffer, and no more. */
    private void releaseHeld() {
        List<TableId> held = board.inState(TableState.HELD);
        if (held.isEmpty() || buffer.heldBytes() <= buffer.limitBytes() / 2) {
            return;
        }
        held.forEach(table -> board.needsResync(
                table,
                "held for so long that its changes filled half of the buffer; "
                        + board.progress(table).reason()));
        checkpoints.advance(cursor, board);
    }

    private void noteLongRound(Duration took) {
        if (took.compareTo(settings.commitInterval()) > 0) {
            LOG.warn(
                    "Pipeline {}: a commit round took {} ms, longer than the interval of {} ms; rounds follow each other",
                    settings.name(),
                    took.toMillis(),
                    settings.commitInterval().toMillis());
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
