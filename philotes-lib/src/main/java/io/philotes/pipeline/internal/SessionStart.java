// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.PhilotesException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first half of a session: find out where every table is, load what is missing, and make the buffer begin there. Owned by
 * the apply thread.
 */
final class SessionStart {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStart.class);

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
    private final CopyWishes wishes;
    private final CopyContext copying;

    SessionStart(PipelineParts parts, AttachedSource source, RunState run) {
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
        this.wishes = run.wishes();
        this.copying = CopyContext.of(settings, run);
    }

    /** Returns from where the sink must read. */
    Lsn prepare() throws InterruptedException {
        recallRules();
        List<TablePicture> pictures = source.tables();
        Refusals refusals = Preflight.refusals(parts, source, pictures);
        Optional<SlotState> slot = findOut(pictures);
        refuse(refusals);
        resumeLoaded(pictures, slot);
        dropWhatNobodyNeeds();
        Lsn origin = loadMissing(pictures, refusals, slot);
        Lsn from = prepareBuffer(origin);
        if (buffer.survivesRestart() && progress.received().equals(Lsn.ZERO)) {
            HeldPictures.tell(buffer, from, source::remember);
        }
        return from;
    }

    /** A masked column that was renamed meanwhile must stay masked, also in a table that is only copied again. */
    private void recallRules() {
        if (source.hasRules()) {
            checkpoints.load().map(Checkpoint::tables).orElse(Map.of()).keySet().stream()
                    .map(sink::lastPicture)
                    .flatMap(Optional::stream)
                    .forEach(source::recall);
        }
    }

    private Optional<SlotState> findOut(List<TablePicture> pictures) {
        SourceIdentity identity = source.identify();
        progress.walEnd(identity.walEnd());
        Optional<Checkpoint> stored = checkpoints.load();
        Optional<SlotState> slot = source.slot();
        StartDecision.require(identity, stored, slot);
        if (stored.isPresent()) {
            StartDecision.requireReached(identity, buffer.appendedUpTo());
        }
        restore(ids(pictures), stored.map(Checkpoint::tables).orElse(Map.of()));
        noteMissedChanges();
        // Stored before the publication changes: a table that is left out must not go on from its old place later, and
        // one
        // that comes back must not seem to have been there all the time.
        Checkpoint mine = stored.isPresent() ? checkpoints.nextEpoch(board) : checkpoints.first(identity.systemId());
        sink.discard();
        sink.open(new SinkContext(
                settings.name(), mine.pipelineId(), mine.epoch(), settings.clock(), settings.metrics()));
        return slot;
    }

    private static Set<TableId> ids(List<TablePicture> pictures) {
        return pictures.stream().map(picture -> picture.relation().table()).collect(Collectors.toSet());
    }

    /** Configured is what is there, what was there earlier in this run, and what is missing by its name. */
    private void restore(Set<TableId> present, Map<TableId, TableProgress> known) {
        Set<TableId> absent = new TreeSet<>(known.keySet());
        absent.removeAll(present);
        Set<TableId> forgotten = new TreeSet<>(absent);
        forgotten.removeAll(board.tables());
        if (!forgotten.isEmpty()) {
            forgotten.removeAll(Preflight.missing(source.check(), forgotten));
        }
        forgotten.forEach(table -> LOG.warn(
                "Pipeline {}, table {}: is not configured any more and is forgotten; its target stays as it is",
                settings.name(),
                table));
        absent.removeAll(forgotten);
        Set<TableId> all = new TreeSet<>(present);
        all.addAll(absent);
        board.restore(all, known);
        absent.stream()
                .filter(table -> board.progress(table).state() != TableState.NEEDS_RESYNC)
                .forEach(table -> board.needsResync(table, "does not exist at the source"));
    }

    private void noteMissedChanges() {
        if (board.anyLoaded()) {
            source.unpublished().stream()
                    .filter(table -> board.progress(table).state().isLoaded())
                    .forEach(table -> board.needsResync(
                            table, "somebody took it, or some of its operations, out of the publication"));
        }
    }

    /** A table that was never loaded is looked at again at the next start; one that follows may go on unread. */
    private void refuse(Refusals refusals) {
        for (TableId table : refusals.tables()) {
            boolean loaded = board.progress(table).state().isLoaded();
            (loaded ? refusals.whileFollowing(table) : refusals.of(table))
                    .ifPresent(refusal -> board.needsResync(table, Refusals.text(refusal)));
        }
    }

    /** Asks each loaded table how far it is; the sink's answer wins over the checkpoint's. */
    private void resumeLoaded(List<TablePicture> pictures, Optional<SlotState> slot) {
        for (TablePicture picture : pictures) {
            TableId table = picture.relation().table();
            if (board.progress(table).state().isLoaded()) {
                Optional<String> otherwise = sink.reloadReason(picture);
                if (otherwise.isPresent()) {
                    board.pending(table);
                    wishes.add(table, otherwise.get());
                } else {
                    resumeOrPutAside(picture.relation(), slot);
                }
            }
        }
    }

    /** What somebody did to one target stops neither the others nor the resync that heals it. */
    private void resumeOrPutAside(RelationSchema table, Optional<SlotState> slot) {
        try {
            resume(table, board.progress(table.table()), slot);
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e.inTable(table.table())) != FailurePolicy.Action.HOLD_TABLE) {
                throw e;
            }
            board.needsResync(table.table(), e.getMessage() + " -- " + e.hint());
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
        sink.lastPicture(table.table()).ifPresent(source::remember);
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

    /**
     * Loads the tables of a pipeline that has nothing yet; where something streams already, what is missing is copied beside
     * it. Returns where the stream may begin at the earliest.
     */
    private Lsn loadMissing(List<TablePicture> pictures, Refusals refusals, Optional<SlotState> slot)
            throws InterruptedException {
        Set<TableId> missing =
                ids(pictures).stream().filter(this::isMissing).collect(Collectors.toCollection(TreeSet::new));
        missing.removeAll(refusals.tables());
        if (slot.isPresent()) {
            publish(board.loaded());
            wishes.add(missing, "it has no content yet");
            return slot.get().confirmed();
        }
        Set<TableId> sound = new TreeSet<>(board.tables());
        sound.removeAll(refusals.tables());
        publish(sound);
        lifecycle.moveTo(PipelineState.COPYING);
        try (TableCopy copy = source.createSlot(missing)) {
            load(copy, missing);
            wishes.add(pending(missing), "it was not there when the others were copied");
            return copy.consistentPoint();
        } catch (RuntimeException e) {
            if (FailurePolicy.actionFor(FailurePolicy.classify(e)) == FailurePolicy.Action.FAIL) {
                leaveNothingHalfMade();
            }
            throw e;
        }
    }

    private Set<TableId> pending(Set<TableId> tables) {
        return tables.stream()
                .filter(table -> board.progress(table).state() == TableState.PENDING)
                .collect(Collectors.toSet());
    }

    /** A table that must not be published, such as one without a key, waits for the check before its copy. */
    private void publish(Set<TableId> tables) {
        if (!tables.isEmpty()) {
            source.preparePublication(tables);
        }
    }

    /** A table that never stood at a position is loaded; one that lost its place waits for a person. */
    private boolean isMissing(TableId table) {
        TableProgress known = board.progress(table);
        return !known.state().isLoaded()
                && (known.state() != TableState.NEEDS_RESYNC || known.position().equals(Lsn.ZERO));
    }

    private void load(TableCopy copy, Set<TableId> missing) throws InterruptedException {
        CopyCoordinator coordinator = new CopyCoordinator(copying, sink);
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
