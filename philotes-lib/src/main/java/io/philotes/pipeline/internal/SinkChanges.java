// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds and removes sinks while a pipeline runs. Thread-safe; one change at a time, guarded by {@code this}. */
final class SinkChanges {

    private static final Logger LOG = LoggerFactory.getLogger(SinkChanges.class);

    private static final Duration PAUSE = Duration.ofMillis(50);

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
        SinkPreflight.requireNew(parts, part, source);
        run.stores().add(part);
        Lane lane = new Lane(parts, part, run.stores().of(part.name()), run.guard());
        run.floor().hold(part.name());
        lane.progress()
                .covered(parts.buffer().appendedUpTo(), parts.settings().clock().millis());
        run.lanes().add(lane);
        LOG.info("Pipeline {}: the sink is added: {}", lane.name(), part.sink().description());
        run.lifecycle().wake();
    }

    /** Returns once it is gone. */
    synchronized void remove(String sink) throws InterruptedException {
        requireRunning("remove a sink");
        Lane lane = run.lanes().named(sink).orElseThrow(() -> refused(sink, "the pipeline has none such"));
        if (run.lanes().size() == 1) {
            throw refused(sink, "it is the only one");
        }
        if (run.stores().isLentOut(sink, run.lanes())) {
            throw refused(sink, "the checkpoints of other sinks are kept in it");
        }
        lane.leave();
        run.lifecycle().wake();
        while (run.lanes().named(sink).isPresent()) {
            requireRunning("remove a sink");
            run.lifecycle().await(PAUSE);
        }
    }

    private void requireRunning(String what) {
        if (run.lifecycle().stopRequested() || run.lifecycle().state().isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot " + what + ": the pipeline is at its end");
        }
    }

    private static PhilotesException refused(String sink, String why) {
        return new PhilotesException(ErrorCode.INVALID_CONFIGURATION, "Cannot remove the sink '" + sink + "': " + why);
    }
}
