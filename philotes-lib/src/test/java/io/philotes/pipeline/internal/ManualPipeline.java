// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A pipeline without threads: one step of one loop per call, and a crash between any two. */
final class ManualPipeline {

    /** More than any batch of these tests costs: capture, which cannot wait here, leaves so much room. */
    private static final long ROOM = 2_000;

    private final PipelineParts parts;
    private final AttachedSource source;
    private final RunState run;
    private final StopFlag stop = new StopFlag();
    private final ManualThreads helpers = new ManualThreads();
    private final Map<Lane, ApplyLoop> loops = new HashMap<>();
    private CaptureLoop capture;
    private PhilotesException end;

    ManualPipeline(PipelineParts parts) {
        this.parts = parts;
        this.source = parts.source().attach(parts.settings().name());
        this.run = RunState.of(parts);
        run.lifecycle().moveTo(PipelineState.STARTING);
    }

    /** Begins a session; call again after a failure of {@link #applyOnce}. */
    void begin() throws InterruptedException {
        endSession();
        run.lifecycle().moveTo(PipelineState.STARTING);
        new SessionStart(parts, source, run).prepare();
        for (Lane lane : run.lanes()) {
            if (lane.place() != null) {
                follow(lane, lane.place());
            }
        }
        capture = new CaptureLoop(parts, source, run);
        run.lifecycle().moveTo(PipelineState.RUNNING);
    }

    private void endSession() throws InterruptedException {
        if (capture != null) {
            capture.closeStream();
        }
        for (Lane lane : run.lanes()) {
            closeLoop(lane);
        }
    }

    private void closeLoop(Lane lane) throws InterruptedException {
        ApplyLoop loop = loops.remove(lane);
        if (loop != null) {
            loop.close();
        }
    }

    /** False when the stream broke; the next call opens it again. */
    boolean captureOnce() throws InterruptedException {
        if (parts.buffer().heldBytes() > parts.buffer().limitBytes() - ROOM) {
            return true;
        }
        try {
            capture.step(stop, Duration.ZERO);
            return true;
        } catch (PhilotesException e) {
            noteEnd(e);
            capture.closeStream();
            return false;
        }
    }

    private void noteEnd(PhilotesException e) {
        if (FailurePolicy.actionFor(e) == FailurePolicy.Action.FAIL) {
            end = e;
        }
    }

    /** The failure with which it, or one of its sinks, would have come to an end. */
    Optional<PhilotesException> end() {
        return Optional.ofNullable(end)
                .or(() -> run.lanes().stream()
                        .flatMap(lane -> lane.health().failure().stream())
                        .filter(e -> FailurePolicy.actionFor(e) == FailurePolicy.Action.FAIL)
                        .findFirst());
    }

    /** False when the session must begin again. */
    boolean applyOnce() throws InterruptedException {
        return applyOnce(first());
    }

    /** False when this sink must begin again, which the next call does, whatever the others do. */
    boolean applyOnce(Lane lane) throws InterruptedException {
        try {
            if (!loops.containsKey(lane)) {
                follow(lane, new LaneStart(lane, source, run).begin());
            }
            loops.get(lane).step(Duration.ZERO);
            if (lane.desk().wantsNewBeginning()) {
                loops.get(lane).finish();
                closeLoop(lane);
            }
            return true;
        } catch (PhilotesException e) {
            noteEnd(e);
            closeLoop(lane);
            return false;
        }
    }

    private void follow(Lane lane, Lsn from) {
        loops.put(lane, new ApplyLoop(lane, source, run, from, CopyContext.of(lane, run, helpers)));
    }

    private Lane first() {
        return run.lanes().iterator().next();
    }

    void add(SinkPart part) {
        new SinkChanges(parts, source, run).add(part);
    }

    void remove(Lane lane) throws InterruptedException {
        closeLoop(lane);
        new LaneRemoval(run).remove(lane);
    }

    /** Whether the sink answered and is followed. */
    boolean isOpen(Lane lane) {
        return loops.containsKey(lane);
    }

    Lanes lanes() {
        return run.lanes();
    }

    /** One piece of what a table copy's helper threads do; false when there is nothing. */
    boolean helpOnce() {
        return helpers.runOne();
    }

    /** What the housekeeper does now and then. */
    void lookOnce() {
        new Housekeeper(parts.settings(), source, run).look();
    }

    void resync(TableId table) {
        run.lanes().forEach(lane -> lane.wishes().add(table, "asked for"));
    }

    VerifyReport verify(VerifyRequest request) throws InterruptedException {
        return new Verifications(parts, run).make(request);
    }

    /** Whether every table is in the stream and has everything up to {@code upTo}. */
    boolean hasReached(Lsn upTo) {
        return run.lanes().stream().allMatch(lane -> CatchUp.hasReached(lane, upTo));
    }

    TableBoard board() {
        return first().board();
    }

    /** What every sink has. */
    Lsn covered() {
        return run.lanes().covered();
    }

    Progress progress() {
        return run.progress();
    }
}
