// SPDX-License-Identifier: Apache-2.0
package io.philotes;

import io.philotes.sink.Sink;
import io.philotes.source.ChangeSource;
import java.util.Objects;

/** A pipeline that still needs a sink. Not thread-safe; see {@link PipelineOptions}. */
public final class PipelineDraft extends PipelineOptions<PipelineDraft> {

    private final ChangeSource source;

    PipelineDraft(ChangeSource source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    @Override
    PipelineDraft self() {
        return this;
    }

    /** Names the sink {@code sink}. */
    public PipelineBuilder sink(Sink sink) {
        return sink("sink", sink);
    }

    /** Adds the sink under a name of its own, which threads and status use. */
    public PipelineBuilder sink(String name, Sink sink) {
        return new PipelineBuilder(this, source, name, sink);
    }
}
