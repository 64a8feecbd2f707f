// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Puts the marks together into a status. Thread-safe; never blocks. */
final class StatusView {

    private final PipelineParts parts;
    private final RunState run;
    private final LaneView laneView;

    StatusView(PipelineParts parts, RunState run) {
        this.parts = parts;
        this.run = run;
        this.laneView = new LaneView(parts.settings(), run);
    }

    PipelineStatus status() {
        List<SinkStatus> sinks = run.lanes().stream().map(laneView::status).toList();
        Progress progress = run.progress();
        PipelineStatus.Positions positions = new PipelineStatus.Positions(
                progress.walEnd(),
                progress.received(),
                parts.buffer().durableUpTo(),
                progress.acknowledged(),
                run.lanes().covered());
        return new PipelineStatus(
                parts.settings().name(),
                run.lifecycle().state(),
                failure(sinks).or(parts.buffer()::trouble),
                positions,
                positions.walEnd().bytesSince(positions.covered()),
                sinks.stream().map(SinkStatus::lagTime).max(Duration::compareTo).orElse(Duration.ZERO),
                parts.buffer().heldBytes(),
                parts.buffer().limitBytes(),
                progress.changesReceived(),
                sinks.stream().mapToLong(SinkStatus::commits).sum(),
                lastCommit(sinks),
                sinks.stream().anyMatch(SinkStatus::stalled),
                run.looks().tracking(),
                run.walWatch().status(),
                sinks);
    }

    /** The pipeline's own, else that of the first sink that has one. */
    private Optional<PhilotesException> failure(List<SinkStatus> sinks) {
        return run.lifecycle()
                .failure()
                .or(() ->
                        sinks.stream().flatMap(sink -> sink.failure().stream()).findFirst());
    }

    private static Optional<Instant> lastCommit(List<SinkStatus> sinks) {
        return sinks.stream().flatMap(sink -> sink.lastCommit().stream()).max(Instant::compareTo);
    }
}
