// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.model.TimelinePath;
import io.philotes.source.AttachedSource;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first half of a session: find out where every table of every sink is, load what is missing, and make the buffer begin
 * there. Owned by the session's thread, and so are the sinks meanwhile.
 *
 * <p>A sink that cannot be opened now, for a reason that may pass, does not keep the others from going on: all that is still
 * there is kept for it, and its own thread opens it later.
 */
final class SessionStart {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStart.class);

    private final ChangeBuffer buffer;
    private final AttachedSource source;
    private final RunState run;
    private final List<Lane> lanes;
    private final FirstLoad firstLoad;
    private final Map<Lane, Refusals> opened = new LinkedHashMap<>();
    private final Map<Lane, PhilotesException> late = new LinkedHashMap<>();
    private Optional<SlotState> slot = Optional.empty();

    SessionStart(PipelineParts parts, AttachedSource source, RunState run) {
        this.buffer = parts.buffer();
        this.source = source;
        this.run = run;
        this.lanes = run.lanes().alive();
        this.firstLoad = new FirstLoad(source, run);
    }

    /** Afterwards every lane that was opened has its place, and the buffer begins at the lowest. */
    void prepare() throws InterruptedException {
        // Also takes a buffer again that was lost in the session before.
        buffer.discardIncomplete();
        run.pictures().clear();
        lanes.forEach(this::begin);
        slot = source.slot();
        loadCheckpoints();
        RuleRecall.recall(source, lanes);
        SourceView view = SourceView.of(source);
        decide(view);
        openAll(view);
        dropWhatNobodyNeeds();
        Lsn origin = loadMissing(view);
        prepareBuffer(origin);
        run.pictures().tell(source);
        if (buffer.survivesRestart() && run.progress().received().equals(Lsn.ZERO)) {
            HeldPictures.tell(buffer, buffer.trimmedUpTo(), source::remember);
        }
    }

    private void begin(Lane lane) {
        run.floor().hold(lane.name().sink());
        lane.place(null);
        lane.late(false);
    }

    private void loadCheckpoints() {
        for (Lane lane : lanes) {
            try {
                lane.checkpoints().load();
            } catch (RuntimeException e) {
                leaveForLater(lane, FailurePolicy.classify(e));
            }
        }
    }

    private void decide(SourceView view) {
        run.progress().walEnd(view.identity().walEnd());
        List<Checkpoint> stored = new ArrayList<>();
        run.lanes().stream()
                .map(lane -> lane.checkpoints().current())
                .filter(checkpoint -> checkpoint != null)
                .forEach(stored::add);
        if (stored.isEmpty() && !late.isEmpty()) {
            throw late.values().iterator().next();
        }
        StartDecision.require(view.identity(), stored, slot);
        requireBuffer(view.identity(), stored);
    }

    /**
     * What waits in a buffer that outlives its process is further than any sink, and this process has not seen it come. Every
     * timeline that it came from was stored first, by one sink at least.
     */
    private void requireBuffer(SourceIdentity now, List<Checkpoint> stored) {
        boolean outlived = buffer.survivesRestart() && (anyLoaded() || !late.isEmpty());
        TimelinePath way = outlived ? StartDecision.newestWay(stored) : TimelinePath.UNKNOWN;
        try {
            run.guard().require(now, slot.isEmpty() ? Lsn.ZERO : buffer.appendedUpTo(), way);
        } catch (PhilotesException e) {
            // A checkpoint that cannot be read now may know the way that the others do not.
            throw late.values().stream()
                    .filter(unread -> e.code() == ErrorCode.SOURCE_REWOUND)
                    .findFirst()
                    .orElse(e);
        }
    }

    private boolean anyLoaded() {
        return run.lanes().stream().anyMatch(lane -> lane.checkpoints().anyLoaded());
    }

    private void openAll(SourceView view) {
        Set<TableId> unpublished = anyLoaded() ? source.unpublished() : Set.of();
        for (Lane lane : lanes) {
            if (!late.containsKey(lane) && !lane.health().hasFailed()) {
                try {
                    opened.put(lane, start(lane).open(lane.checkpoints().stored(), view, reachesBackTo(), unpublished));
                } catch (RuntimeException e) {
                    leaveForLater(lane, FailurePolicy.classify(e));
                }
            }
        }
        if (opened.isEmpty()) {
            throw late.values().iterator().next();
        }
        long now = System.nanoTime();
        // Whoever is opened later cannot see it any more.
        run.lanes().stream()
                .filter(lane -> !opened.containsKey(lane) && !unpublished.isEmpty())
                .forEach(lane -> lane.looks().add(Looks.Look.missed(unpublished, now, now)));
    }

    private LaneStart start(Lane lane) {
        return new LaneStart(lane, source, run);
    }

    /** A pipeline with this sink alone, or without a slot yet, cannot do anything without it. */
    private void leaveForLater(Lane lane, PhilotesException failure) {
        if (run.lanes().alive().size() == 1 || slot.isEmpty()) {
            failure.table()
                    .filter(t -> FailurePolicy.actionFor(failure) == FailurePolicy.Action.HOLD_TABLE)
                    .ifPresent(table -> lane.board().held(table, failure.getMessage() + " -- " + failure.hint()));
            throw failure;
        }
        switch (FailurePolicy.actionFor(failure)) {
            case TRY_AGAIN -> {
                LOG.warn("Pipeline {}: {}; the other sinks begin without it", lane.name(), failure.getMessage());
                late.put(lane, failure);
                lane.late(true);
                showStored(lane);
                lane.health().retrying(failure);
            }
            case STAND_BY -> throw failure;
            case HOLD_TABLE, FAIL -> lane.health().fail(failure);
        }
    }

    /** What was let go before is in it, or in a table that is to be copied again. */
    private void showStored(Lane lane) {
        if (lane.checkpoints().isLoaded()) {
            Checkpoint stored = lane.checkpoints().current();
            Lsn covered = stored == null ? Lsn.ZERO : stored.coveredUpTo();
            lane.progress().covered(Lsn.max(covered, reachesBackTo()));
        }
    }

    /**
     * What is held while no table has a place in it was left by an earlier life of the pipeline. Without a slot its positions
     * may even be those of another past, and the slot that comes starts before them.
     */
    private void dropWhatNobodyNeeds() {
        if (opened.size() == run.lanes().size() && !run.lanes().anyLoaded()) {
            buffer.trim(buffer.appendedUpTo());
            if (slot.isEmpty()) {
                buffer.reset();
            }
        }
    }

    private Lsn reachesBackTo() {
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
    private Lsn loadMissing(SourceView view) throws InterruptedException {
        if (slot.isEmpty()) {
            return firstLoad.load(view, opened);
        }
        run.published().begin(source, run.lanes().loaded());
        opened.forEach(
                (lane, refusals) -> lane.wishes().add(start(lane).missing(view, refusals), "it has no content yet"));
        return slot.get().confirmed();
    }

    /** Makes the buffer begin where the tables are, and gives every sink its place. */
    private void prepareBuffer(Lsn origin) {
        Lsn lowest = lowestPosition().orElse(Lsn.max(origin, buffer.trimmedUpTo()));
        if (!bufferHasBegun() || buffer.appendedUpTo().isBefore(lowest)) {
            buffer.trim(buffer.appendedUpTo());
            buffer.startAt(lowest);
        } else {
            // Nobody will read it, and only a commit would make room: a buffer that is full of it would be full for
            // ever.
            buffer.trim(lowest);
        }
        late.keySet().forEach(lane -> run.floor().hold(lane.name().sink()));
        Lsn newest = Lsn.max(lowest, buffer.appendedUpTo());
        opened.keySet()
                .forEach(
                        lane -> start(lane).settle(lane.board().lowestPosition().orElse(newest)));
    }

    /** Of a sink that is not opened yet, or failed, nobody knows more than that it needs all there is. */
    private Optional<Lsn> lowestPosition() {
        List<Lsn> positions = new ArrayList<>();
        opened.keySet().forEach(lane -> lane.board().lowestPosition().ifPresent(positions::add));
        if (opened.size() < run.lanes().size()) {
            positions.add(reachesBackTo());
        }
        return positions.stream().min(Lsn::compareTo);
    }
}
