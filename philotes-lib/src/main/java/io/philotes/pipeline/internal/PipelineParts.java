// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.source.ChangeSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a pipeline is made of. Immutable; the parts themselves are owned by the pipeline once it starts.
 *
 * @param settings how it runs
 * @param source where changes come from
 * @param buffer where they wait
 * @param checkpoints where progress is remembered; empty for the sinks' own stores
 * @param sinks where changes go, each under a name of its own; at least one
 * @param rows what becomes of rows that a sink can never write
 */
public record PipelineParts(
        PipelineSettings settings,
        ChangeSource source,
        ChangeBuffer buffer,
        Optional<CheckpointStore> checkpoints,
        List<SinkPart> sinks,
        RowHandling rows) {

    /** With tables that are held when a row does not fit. */
    public PipelineParts(
            PipelineSettings settings,
            ChangeSource source,
            ChangeBuffer buffer,
            Optional<CheckpointStore> checkpoints,
            List<SinkPart> sinks) {
        this(settings, source, buffer, checkpoints, sinks, RowHandling.DEFAULT);
    }

    public PipelineParts {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(buffer, "buffer");
        Objects.requireNonNull(checkpoints, "checkpoints");
        Objects.requireNonNull(rows, "rows");
        sinks = List.copyOf(sinks);
        requireDistinct(sinks);
    }

    private static void requireDistinct(List<SinkPart> sinks) {
        if (sinks.isEmpty()) {
            throw new IllegalArgumentException("a pipeline has at least one sink");
        }
        Set<String> names = new HashSet<>();
        for (SinkPart part : sinks) {
            if (!names.add(part.name())) {
                throw nameTaken(part.name());
            }
        }
    }

    static PhilotesException nameTaken(String sink) {
        return new PhilotesException(
                ErrorCode.INVALID_CONFIGURATION, "Cannot take two sinks with the name '" + sink + "'");
    }

    boolean hasSeveralSinks() {
        return sinks.size() > 1;
    }
}
