// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds and removes sinks while a pipeline runs, not before: what a session begins with is decided by its own thread. Thread-safe;
 * one change at a time, guarded by {@code this}, which nobody holds while a sink ends.
 */
final class SinkChanges {

    private static final Logger LOG = LoggerFactory.getLogger(SinkChanges.class);

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** More than a last commit takes. */
    private static final Duration END_PATIENCE = Duration.ofMinutes(5);

    private final PipelineParts parts;
    private final AttachedSource source;
    private final RunState run;

    SinkChanges(PipelineParts parts, AttachedSource source, RunState run) {
        this.parts = parts;
        this.source = source;
        this.run = run;
    }

    /** Checks the sink in the caller's thread; its own thread opens it, and fills it beside the stream. */
    synchronized void add(SinkPart part) {
        requireRunning("add a sink");
        if (run.lanes().named(part.name()).isPresent()) {
            throw PipelineParts.nameTaken(part.name());
        }
        SinkPreflight.requireNew(parts, running(), part, source);
        run.stores().add(part);
        Lane lane = new Lane(parts, part, run.stores().of(part.name()), run.guard());
        // Nobody asked it what its tables were when the stream was opened.
        lane.late(true);
        run.floor().hold(part.name());
        lane.progress().covered(parts.buffer().appendedUpTo());
        run.lanes().add(lane);
        LOG.info("Pipeline {}: the sink is added: {}", lane.name(), part.sink().description());
        run.lifecycle().wake();
    }

    private List<SinkPart> running() {
        return run.lanes().stream()
                .map(lane -> new SinkPart(lane.name().sink(), lane.sink()))
                .toList();
    }

    /**
     * Returns once it is gone.
     *
     * @param ownThread whether the caller is one of the threads that this waits for; then it goes after the call
     */
    void remove(String sink, boolean ownThread) throws InterruptedException {
        Lane lane = leave(sink);
        long deadline = System.nanoTime() + END_PATIENCE.toNanos();
        while (!ownThread && run.lanes().stream().anyMatch(lane::equals)) {
            requireNotAtEnd("remove a sink");
            if (run.lifecycle().state() == PipelineState.STANDBY) {
                throw notRunning("remove a sink", "the pipeline is in standby; the sink goes when it runs again");
            }
            if (System.nanoTime() - deadline > 0) {
                throw notRunning("remove a sink", "its thread has not ended in time; the sink goes when it has");
            }
            run.lifecycle().await(PAUSE);
        }
    }

    private synchronized Lane leave(String sink) {
        requireRunning("remove a sink");
        Lane lane = run.lanes().named(sink).orElseThrow(() -> refused(sink, "the pipeline has none such"));
        if (run.lanes().stream().allMatch(other -> other == lane || other.isLeaving())) {
            throw refused(sink, "it is the only one");
        }
        if (run.stores().isLentOut(sink, run.lanes())) {
            throw refused(sink, "the checkpoints of other sinks are kept in it");
        }
        lane.leave();
        run.lifecycle().wake();
        return lane;
    }

    /** While a session begins, or the tables are loaded for the first time, its sinks are its own. */
    private void requireRunning(String what) {
        requireNotAtEnd(what);
        PipelineState state = run.lifecycle().state();
        if (state != PipelineState.RUNNING && state != PipelineState.PAUSED) {
            throw notRunning(what, "the pipeline is " + state);
        }
    }

    private void requireNotAtEnd(String what) {
        if (run.lifecycle().stopRequested() || run.lifecycle().state().isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot " + what + ": the pipeline is at its end");
        }
    }

    private static PhilotesException notRunning(String what, String why) {
        return new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot " + what + ": " + why)
                .hinting("wait until the pipeline runs, and try again");
    }

    private static PhilotesException refused(String sink, String why) {
        return new PhilotesException(ErrorCode.INVALID_CONFIGURATION, "Cannot remove the sink '" + sink + "': " + why);
    }
}
