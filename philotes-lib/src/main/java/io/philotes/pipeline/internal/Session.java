// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.source.AttachedSource;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import io.philotes.source.TableCopy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One try at the whole: find out where every table is, load what is missing, stream. Any failure that may pass ends the
 * session, and the next one begins from what is committed: there is no second way to recover. Owned by the apply thread.
 */
final class Session {

    private final PipelineParts parts;
    private final PipelineSettings settings;
    private final AttachedSource source;
    private final ChangeBuffer buffer;
    private final Sink sink;
    private final TableBoard board;
    private final CheckpointKeeper checkpoints;
    private final Progress progress;
    private final Lifecycle lifecycle;
    private final Backoff backoff;

    Session(PipelineParts parts, AttachedSource source, RunState run) {
        this.parts = parts;
        this.settings = parts.settings();
        this.source = source;
        this.buffer = parts.buffer();
        this.sink = parts.sink();
        this.board = run.board();
        this.checkpoints = run.checkpoints();
        this.progress = run.progress();
        this.lifecycle = run.lifecycle();
        this.backoff = run.backoff();
    }

    /** Runs until a stop is requested, and then commits what it can. */
    void run() throws InterruptedException {
        lifecycle.moveTo(PipelineState.STARTING);
        Optional<SlotState> slot = findOut();
        List<RelationSchema> tables = source.tables();
        resumeLoaded(tables, slot);
        Lsn origin = loadMissing(tables, slot);
        stream(prepareBuffer(origin));
    }

    private Optional<SlotState> findOut() {
        SourceIdentity identity = source.identify();
        progress.walEnd(identity.walEnd());
        Optional<Checkpoint> stored = checkpoints.load();
        Optional<SlotState> slot = source.slot();
        StartDecision.require(identity, stored, slot);
        source.preparePublication();
        Checkpoint mine = stored.isPresent() ? checkpoints.nextEpoch() : checkpoints.first(identity.systemId());
        sink.discard();
        sink.open(new SinkContext(
                settings.name(), mine.pipelineId(), mine.epoch(), settings.clock(), settings.metrics()));
        return slot;
    }

    /** Asks each loaded table how far it is; the sink's answer wins over the checkpoint's. */
    private void resumeLoaded(List<RelationSchema> tables, Optional<SlotState> slot) {
        board.restore(
                tables.stream().map(RelationSchema::table).toList(),
                checkpoints.current().tables());
        for (RelationSchema table : tables) {
            TableProgress known = board.progress(table.table());
            if (known.state().isLoaded()) {
                resume(table, known, slot);
            }
        }
    }

    private void resume(RelationSchema table, TableProgress known, Optional<SlotState> slot) {
        Optional<Lsn> marker = sink.committedUpTo(table);
        if (marker.isEmpty()) {
            board.needsResync(table.table(), "the target is gone, or carries no position of this pipeline");
            return;
        }
        boolean rolledBack = marker.get().isBefore(known.lastMarker());
        Lsn position = rolledBack ? marker.get() : Lsn.max(known.position(), marker.get());
        if (position.isBefore(reachesBackTo(slot))) {
            board.needsResync(
                    table.table(),
                    (rolledBack ? "the target was rolled back to " : "the table stands at ") + position
                            + ", and changes are kept only from " + reachesBackTo(slot) + " on");
            return;
        }
        sink.resume(table, position);
        board.resumed(table.table(), position, marker.get());
    }

    private Lsn reachesBackTo(Optional<SlotState> slot) {
        return bufferHasBegun()
                ? buffer.trimmedUpTo()
                : slot.map(SlotState::confirmed).orElse(Lsn.ZERO);
    }

    private boolean bufferHasBegun() {
        return !buffer.appendedUpTo().equals(Lsn.ZERO);
    }

    /** Loads every table that has no content yet; returns where the stream may begin at the earliest. */
    private Lsn loadMissing(List<RelationSchema> tables, Optional<SlotState> slot) throws InterruptedException {
        Set<TableId> missing = new LinkedHashSet<>();
        tables.stream().map(RelationSchema::table).filter(this::isMissing).forEach(missing::add);
        if (missing.isEmpty() && slot.isPresent()) {
            return slot.get().confirmed();
        }
        lifecycle.moveTo(PipelineState.COPYING);
        try (TableCopy copy = slot.isPresent() ? source.copy(missing) : source.createSlot(missing)) {
            load(copy, missing);
            return slot.map(SlotState::confirmed).orElse(copy.consistentPoint());
        } catch (RuntimeException e) {
            if (FailurePolicy.actionFor(FailurePolicy.classify(e)) == FailurePolicy.Action.FAIL) {
                leaveNothingHalfMade();
            }
            throw e;
        }
    }

    /** A table that never stood at a position is loaded; one that lost its place waits for a person. */
    private boolean isMissing(TableId table) {
        TableProgress known = board.progress(table);
        return !known.state().isLoaded()
                && (known.state() != TableState.NEEDS_RESYNC || known.position().equals(Lsn.ZERO));
    }

    private void load(TableCopy copy, Set<TableId> missing) throws InterruptedException {
        CopyCoordinator coordinator = new CopyCoordinator(settings, sink, board, progress, lifecycle);
        for (RelationSchema table : copy.tables()) {
            if (missing.contains(table.table())) {
                coordinator.copy(copy, table);
                backoff.reset();
                checkpoints.advance(checkpoints.current().coveredUpTo(), board);
            }
        }
    }

    /** A first load that can never end must not leave a slot that keeps WAL for ever. */
    private void leaveNothingHalfMade() {
        if (!board.anyLoaded()) {
            source.dropSlot();
            checkpoints.remove();
        }
    }

    /** Makes the buffer begin where the tables are, and returns from where the sink must read. */
    private Lsn prepareBuffer(Lsn origin) {
        buffer.discardIncomplete();
        Lsn lowest = board.lowestPosition().orElse(origin);
        if (!bufferHasBegun() || buffer.appendedUpTo().isBefore(lowest)) {
            buffer.trim(buffer.appendedUpTo());
            buffer.startAt(lowest);
        }
        progress.covered(lowest, settings.clock().millis());
        return lowest;
    }

    private void stream(Lsn from) throws InterruptedException {
        StopFlag stopCapture = new StopFlag();
        AtomicReference<PhilotesException> captureFailure = new AtomicReference<>();
        Thread capture = NamedThreads.named(
                "philotes-" + settings.name() + "-capture", () -> capture(stopCapture, captureFailure));
        try (ApplyLoop apply = new ApplyLoop(parts, board, checkpoints, progress, from)) {
            capture.start();
            lifecycle.moveTo(PipelineState.RUNNING);
            applyUntilStopped(apply, captureFailure);
            endCapture(stopCapture, capture);
            apply.finish();
        } finally {
            endCapture(stopCapture, capture);
        }
    }

    private void capture(StopFlag stop, AtomicReference<PhilotesException> failure) {
        try {
            new CaptureLoop(settings, source, buffer, progress, lifecycle).run(stop);
        } catch (InterruptedException e) {
            failure.set(new PhilotesException(ErrorCode.INTERRUPTED, "Cannot read on: interrupted", e));
        } catch (RuntimeException e) {
            failure.set(FailurePolicy.classify(e));
        }
    }

    private void applyUntilStopped(ApplyLoop apply, AtomicReference<PhilotesException> captureFailure)
            throws InterruptedException {
        long commitsBefore = progress.commits();
        while (!lifecycle.stopRequested()) {
            if (captureFailure.get() != null) {
                throw captureFailure.get();
            }
            if (lifecycle.paused()) {
                lifecycle.await(settings.commitInterval());
                continue;
            }
            apply.step();
            if (progress.commits() > commitsBefore) {
                backoff.reset();
            }
        }
    }

    private static void endCapture(StopFlag stop, Thread capture) throws InterruptedException {
        stop.set();
        if (capture.isAlive()) {
            capture.join(5_000);
        }
        if (capture.isAlive()) {
            capture.interrupt();
            capture.join(5_000);
        }
    }
}
