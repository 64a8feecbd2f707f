// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first half of a session: find out where every table is, load what is missing, and make the buffer begin there. Owned by
 * the apply thread.
 */
final class SessionStart {

    private final PipelineSettings settings;
    private final AttachedSource source;
    private final ChangeBuffer buffer;
    private final Sink sink;
    private final TableBoard board;
    private final CheckpointKeeper checkpoints;
    private final Progress progress;
    private final Lifecycle lifecycle;
    private final Backoff backoff;

    SessionStart(PipelineParts parts, AttachedSource source, RunState run) {
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

    /** Returns from where the sink must read. */
    Lsn prepare() throws InterruptedException {
        List<TablePicture> pictures = source.tables();
        List<RelationSchema> tables =
                pictures.stream().map(TablePicture::relation).toList();
        Optional<SlotState> slot = findOut(tables);
        resumeLoaded(tables, slot);
        dropWhatNobodyNeeds();
        Lsn origin = loadMissing(tables, slot);
        return prepareBuffer(origin);
    }

    private Optional<SlotState> findOut(List<RelationSchema> tables) {
        SourceIdentity identity = source.identify();
        progress.walEnd(identity.walEnd());
        Optional<Checkpoint> stored = checkpoints.load();
        Optional<SlotState> slot = source.slot();
        StartDecision.require(identity, stored, slot);
        if (stored.isPresent()) {
            StartDecision.requireReached(identity, buffer.appendedUpTo());
        }
        board.restore(
                tables.stream().map(RelationSchema::table).toList(),
                stored.map(Checkpoint::tables).orElse(Map.of()));
        noteMissedChanges();
        // Stored before the publication changes: a table that is left out must not go on from its old place later, and
        // one
        // that comes back must not seem to have been there all the time.
        Checkpoint mine = stored.isPresent() ? checkpoints.nextEpoch(board) : checkpoints.first(identity.systemId());
        source.preparePublication();
        sink.discard();
        sink.open(new SinkContext(
                settings.name(), mine.pipelineId(), mine.epoch(), settings.clock(), settings.metrics()));
        return slot;
    }

    private void noteMissedChanges() {
        if (board.anyLoaded()) {
            source.unpublished().stream()
                    .filter(table -> board.progress(table).state().isLoaded())
                    .forEach(table -> board.needsResync(
                            table, "somebody took it, or some of its operations, out of the publication"));
        }
    }

    /** Asks each loaded table how far it is; the sink's answer wins over the checkpoint's. */
    private void resumeLoaded(List<RelationSchema> tables, Optional<SlotState> slot) {
        for (RelationSchema table : tables) {
            TableProgress known = board.progress(table.table());
            if (known.state().isLoaded()) {
                resume(table, known, slot);
            }
        }
    }

    /** What is held while no table has a place in it was left by an earlier life of the pipeline, maybe of another server. */
    private void dropWhatNobodyNeeds() {
        if (!board.anyLoaded()) {
            buffer.discardIncomplete();
            buffer.trim(buffer.appendedUpTo());
        }
    }

    private void resume(RelationSchema table, TableProgress known, Optional<SlotState> slot) {
        Optional<Lsn> marker = sink.committedUpTo(table);
        if (marker.isEmpty()) {
            board.needsResync(
                    table.table(),
                    "the target is gone, carries no position of this pipeline, or holds another table that had this name");
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
        for (TablePicture table : copy.tables()) {
            if (missing.contains(table.relation().table())) {
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
        Lsn lowest = board.lowestPosition().orElse(Lsn.max(origin, buffer.trimmedUpTo()));
        if (!bufferHasBegun() || buffer.appendedUpTo().isBefore(lowest)) {
            buffer.trim(buffer.appendedUpTo());
            buffer.startAt(lowest);
        }
        progress.covered(lowest, settings.clock().millis());
        return lowest;
    }
}
