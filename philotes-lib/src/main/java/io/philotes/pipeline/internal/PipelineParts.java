// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.Sink;
import io.philotes.source.ChangeSource;
import java.util.Objects;
import java.util.Optional;

/**
 * What a pipeline is made of. Immutable; the parts themselves are owned by the pipeline once it starts.
 *
 * @param settings how it runs
 * @param source where changes come from
 * @param buffer where they wait
 * @param checkpoints where progress is remembered; empty for the sink's own store
 * @param sinkName the sink's name
 * @param sink where changes go
 */
public record PipelineParts(
        PipelineSettings settings,
        ChangeSource source,
        ChangeBuffer buffer,
        Optional<CheckpointStore> checkpoints,
        String sinkName,
        Sink sink) {

    public PipelineParts {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(buffer, "buffer");
        Objects.requireNonNull(checkpoints, "checkpoints");
        Objects.requireNonNull(sinkName, "sinkName");
        Objects.requireNonNull(sink, "sink");
    }

    /** The store that was named, or the sink's own. */
    CheckpointStore requireCheckpoints() {
        return checkpoints
                .or(sink::checkpoints)
                .orElseThrow(() -> new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot start: the sink " + sinkName
                                + " keeps no checkpoints, so a checkpoint store is needed"));
    }
}
