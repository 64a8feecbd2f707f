// SPDX-License-Identifier: Apache-2.0
package io.philotes;

import io.philotes.health.CheckReport;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelinePlan;
import io.philotes.pipeline.TeardownReport;
import io.philotes.pipeline.internal.PipelineParts;
import io.philotes.pipeline.internal.Preflight;
import io.philotes.pipeline.internal.ResyncMark;
import io.philotes.pipeline.internal.RunningPipeline;
import io.philotes.pipeline.internal.SinkPart;
import io.philotes.pipeline.internal.Teardown;
import io.philotes.sink.Sink;
import io.philotes.source.ChangeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A pipeline with a source and one or more sinks: can be started, checked and planned. Not thread-safe; see {@link PipelineOptions}. */
public final class PipelineBuilder extends PipelineOptions<PipelineBuilder> {

    private final ChangeSource source;
    private final List<SinkPart> sinks = new ArrayList<>();

    PipelineBuilder(PipelineOptions<?> options, ChangeSource source, String sinkName, Sink sink) {
        super(options);
        this.source = source;
        sinks.add(new SinkPart(sinkName, sink));
    }

    @Override
    PipelineBuilder self() {
        return this;
    }

    /**
     * Adds one more sink. Each has its own position, its own health, its own failures: one that is down neither stops the
     * others nor loses its place.
     *
     * @param name letters, digits, '_' and '-', at most 50; another than those of the other sinks
     */
    public PipelineBuilder sink(String name, Sink sink) {
        sinks.add(new SinkPart(name, sink));
        return this;
    }

    /**
     * Checks everything in the calling thread, then starts. What comes back is running, copying, or in STANDBY when another
     * instance reads the slot.
     *
     * @throws io.philotes.error.PhilotesException when the configuration or the preflight finds an error; nothing was
     *     created then
     */
    public Pipeline start() {
        return RunningPipeline.start(parts());
    }

    /** Every finding at once, each with what mends it; never throws for a finding, creates nothing. */
    public CheckReport check() {
        return Preflight.check(parts());
    }

    /** What {@link #start} would create or change; creates nothing. */
    public PipelinePlan plan() {
        return Preflight.plan(parts());
    }

    /**
     * For a pipeline that does not run: notes in the checkpoints of every sink that tables must be copied again, which its next start does;
     * the others keep their place. Where it runs, use {@link Pipeline#resync}.
     *
     * @param tables which; empty for all. All of them also heals a slot that was lost, once it is dropped.
     * @return the tables that were noted
     * @throws io.philotes.error.PhilotesException CHECKPOINT_MISSING when nothing is stored of the pipeline, TABLE_MISSING when
     *     it knows no such table, SLOT_IN_USE when an instance runs; nothing was noted then
     */
    public List<TableId> markForResync(Collection<TableId> tables) {
        return ResyncMark.mark(parts(), tables);
    }

    /**
     * For a pipeline that does not run and shall not run again: drops its slot and the publication that it made, empties its
     * buffer and removes its checkpoints. The targets stay as they are, and so do dead letters. Repeatable. When the source
     * does not answer, everything else is done and the slot is noted; a later call drops it, or the next start.
     *
     * <p>The parts of this builder are closed by it.
     *
     * @throws io.philotes.error.PhilotesException SLOT_IN_USE or BUFFER_IN_USE when an instance runs; CHECKPOINT_MISSING when
     *     nothing says that the slot is this pipeline's; SOURCE_REWOUND when the source is another one. Nothing was removed
     *     then
     */
    public TeardownReport teardown() {
        return Teardown.run(parts());
    }

    /** As {@link #teardown}, and removes the pipeline's dead letters, what was never applied among them. */
    public TeardownReport teardownWithDeadLetters() {
        return Teardown.runWithLetters(parts());
    }

    private PipelineParts parts() {
        return new PipelineParts(settings(), source, bufferOrDefault(), checkpointStore(), sinks, rowHandling());
    }
}
