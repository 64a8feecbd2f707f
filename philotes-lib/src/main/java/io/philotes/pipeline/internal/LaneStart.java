// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.source.AttachedSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one sink: finds out where each of its tables is, and lets it go on from there. There is no second way, be it at the
 * beginning of a session, after a failure, or for a sink that came later. Used by the lane's thread.
 */
final class LaneStart {

    private static final Logger LOG = LoggerFactory.getLogger(LaneStart.class);

    private final Lane lane;
    private final AttachedSource source;
    private final RunState run;
    private final Sink sink;
    private final TableBoard board;
    private final CheckpointKeeper checkpoints;

    LaneStart(Lane lane, AttachedSource source, RunState run) {
        this.lane = lane;
        this.source = source;
        this.run = run;
        this.sink = lane.sink();
        this.board = lane.board();
        this.checkpoints = lane.checkpoints();
    }

    /** While the stream goes on: opens the sink, and returns from where it must read. */
    Lsn begin() {
        Lsn reach = run.floor().hold(lane.name().sink());
        // Before the source is asked: capture may store that it went on meanwhile.
        Optional<Checkpoint> stored = checkpoints.load();
        if (source.hasRules()) {
            recall();
        }
        SourceView view = SourceView.of(source);
        Refusals refusals = open(stored, view, reach, checkpoints.anyLoaded() ? source.unpublished() : Set.of());
        if (!refusals.tables().isEmpty()) {
            run.published().takeOut(source);
        }
        if (lane.isLate()) {
            compareWithTold();
        }
        lane.wishes().add(missing(view, refusals), "it has no content yet");
        settle(board.lowestPosition().orElse(lane.buffer().appendedUpTo()));
        lane.late(false);
        return lane.place();
    }

    /** It reads from here on, and needs nothing before. */
    void settle(Lsn place) {
        lane.place(place);
        lane.progress().covered(place);
        run.floor().moveTo(lane.name().sink(), place);
    }

    /** A masked column that was renamed meanwhile must stay masked, also in a table that is only copied again. */
    void recall() {
        Map<TableId, TableProgress> known = board.snapshot();
        Set<TableId> tables = new TreeSet<>(known.keySet());
        if (checkpoints.current() != null) {
            tables.addAll(checkpoints.current().tables().keySet());
        }
        tables.forEach(table -> sink.lastPicture(table).ifPresent(source::recall));
    }

    /**
     * Opens the sink with what its checkpoint says, and asks it how far each table is.
     *
     * @param stored its checkpoint
     * @param reach changes that end behind it can still be read
     * @param unpublished tables of which not every change was published until now
     * @return the tables that it cannot take
     */
    Refusals open(Optional<Checkpoint> stored, SourceView view, Lsn reach, Set<TableId> unpublished) {
        Checkpoint mine = begin(stored, view, unpublished);
        Refusals refusals = Preflight.refusals(lane, view);
        sink.discard();
        lane.desk().forgetStaged();
        sink.open(new SinkContext(
                lane.name().pipeline(),
                mine.pipelineId(),
                mine.epoch(),
                lane.settings().clock(),
                lane.settings().metrics(),
                lane.desk().maxParkedRows()));
        refuse(refusals);
        resumeLoaded(view, reach);
        // By now the board says what the sink has, which may be more than what was stored of it.
        SamePast.requireWalEnd(view.identity(), board.heldUpTo());
        checkpoints.prove(stored.map(Checkpoint::source).orElse(SourceMark.UNKNOWN), board);
        return refusals;
    }

    /**
     * What can be said of the tables without the sink. Stored before the publication changes, also when the sink is out of
     * reach: a table that is left out must not go on from its old place later, and one that comes back must not seem to have
     * been there all the time.
     */
    private Checkpoint begin(Optional<Checkpoint> stored, SourceView view, Set<TableId> unpublished) {
        stored.ifPresent(one -> SamePast.require(one.source(), view.identity(), one.heldUpTo()));
        restore(view, stored.map(Checkpoint::tables).orElse(Map.of()));
        noteMissedChanges(unpublished);
        refuse(Refusals.among(view.tables(), view.findings()));
        // A higher epoch ends the instance that has the buffer now, and this one could not go on in its place.
        lane.buffer().requireOwned();
        return stored.isPresent() ? checkpoints.nextEpoch(board) : checkpoints.first();
    }

    /** Configured is what is there, what was there earlier in this run, and what is missing by its name. */
    private void restore(SourceView view, Map<TableId, TableProgress> known) {
        Set<TableId> absent = new TreeSet<>(known.keySet());
        absent.removeAll(view.tables());
        Set<TableId> forgotten = new TreeSet<>(absent);
        forgotten.removeAll(board.tables());
        forgotten.removeAll(Preflight.missing(view.findings(), forgotten));
        forgotten.forEach(table -> LOG.warn(
                "Pipeline {}, table {}: is not configured any more and is forgotten; its target stays as it is",
                lane.name(),
                table));
        absent.removeAll(forgotten);
        Set<TableId> all = new TreeSet<>(view.tables());
        all.addAll(absent);
        board.restore(all, known);
        absent.stream()
                .filter(table -> board.progress(table).state() != TableState.NEEDS_RESYNC)
                .forEach(table -> board.needsResync(table, "does not exist at the source"));
    }

    private void noteMissedChanges(Set<TableId> unpublished) {
        unpublished.stream()
                .filter(table -> board.progress(table).state().isLoaded())
                .forEach(table -> board.needsResync(
                        table, "somebody took it, or some of its operations, out of the publication"));
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
    private void resumeLoaded(SourceView view, Lsn reach) {
        for (TablePicture picture : view.pictures()) {
            if (board.progress(picture.relation().table()).state().isLoaded()) {
                resumeOrPutAside(picture, reach);
            }
        }
    }

    /** What somebody did to one target stops neither the others nor the resync that heals it. */
    private void resumeOrPutAside(TablePicture picture, Lsn reach) {
        TableId table = picture.relation().table();
        try {
            resumeOrLoad(picture, reach);
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e.inTable(table)) != FailurePolicy.Action.HOLD_TABLE) {
                throw e;
            }
            board.needsResync(table, e.getMessage() + " -- " + e.hint());
        }
    }

    private void resumeOrLoad(TablePicture picture, Lsn reach) {
        TableId table = picture.relation().table();
        Optional<String> otherwise = sink.reloadReason(picture);
        if (otherwise.isPresent()) {
            board.pending(table);
            lane.wishes().add(table, otherwise.get());
        } else {
            resume(picture, board.progress(table), reach);
        }
    }

    private void resume(TablePicture picture, TableProgress known, Lsn reach) {
        TableId table = picture.relation().table();
        Optional<Lsn> marker =
                sink.remembersPosition() ? sink.committedUpTo(picture.relation()) : Optional.of(known.lastMarker());
        if (marker.isEmpty()) {
            board.needsResync(
                    table,
                    "the target is gone, carries no position of this pipeline, or holds another table that had this name");
            return;
        }
        boolean rolledBack = marker.get().isBefore(known.lastMarker());
        if (rolledBack && lane.desk().isOn()) {
            board.needsResync(
                    table,
                    "the target was rolled back to " + marker.get() + ", and dead letters may have been applied since");
            return;
        }
        Lsn position = rolledBack ? marker.get() : Lsn.max(known.position(), marker.get());
        if (position.isBefore(reach)) {
            board.needsResync(
                    table,
                    (rolledBack ? "the target was rolled back to " : "the table stands at ") + position
                            + ", and changes are kept only from " + reach + " on");
            return;
        }
        sink.resume(picture.relation(), position);
        sink.lastPicture(table).ifPresent(last -> run.pictures().add(position, last));
        board.resumed(table, position, marker.get());
        lane.desk().begin(table);
    }

    /**
     * The stream was opened without asking this sink what its tables were: messages that it still has to read may have been
     * understood by a later picture, unless that is the same.
     */
    private void compareWithTold() {
        for (TableId table : board.loaded()) {
            Optional<TablePicture> last = sink.lastPicture(table);
            boolean understood = last.isEmpty()
                    || last.equals(run.pictures().told(table))
                    || (lane.buffer().survivesRestart()
                            && run.pictures().told(table).isPresent());
            if (!understood) {
                sink.suspend(table);
                board.needsResync(
                        table,
                        "its definition may have changed while the sink could not say what it had been;"
                                + " the changes of that time cannot be understood");
            }
        }
    }

    /** The tables to be loaded: one that never stood at a position; not one that lost its place, which waits for a person. */
    Set<TableId> missing(SourceView view, Refusals refusals) {
        return view.tables().stream()
                .filter(table -> !refusals.tables().contains(table))
                .filter(this::isMissing)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isMissing(TableId table) {
        TableProgress known = board.progress(table);
        return !known.state().isLoaded()
                && (known.state() != TableState.NEEDS_RESYNC || known.position().equals(Lsn.ZERO));
    }
}
