// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.Retry;
import io.philotes.pipeline.SinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
                sinks.stream().mapToLong(SinkStatus::lagBytes).max().orElse(0),
                sinks.stream().map(SinkStatus::lagTime).max(Duration::compareTo).orElse(Duration.ZERO),
                parts.buffer().heldBytes(),
                parts.buffer().limitBytes(),
                progress.changesReceived(),
                sinks.stream().mapToLong(SinkStatus::commits).sum(),
                lastCommit(sinks),
                sinks.stream().anyMatch(SinkStatus::stalled),
                run.looks().tracking(),
                run.walWatch().status(),
                retries(),
                sinks);
    }

    /** At its end nothing is tried any more. */
    private List<Retry> retries() {
        if (run.lifecycle().state().isFinal()) {
            return List.of();
        }
        List<Retry> all = new ArrayList<>();
        run.sessionFailures().now().ifPresent(all::add);
        run.readFailures().now().ifPresent(all::add);
        run.lanes().forEach(lane -> lane.health().retry().ifPresent(all::add));
        return all;
    }

    /** The pipeline's own, else capture's, else that of the first sink that has one. */
    private Optional<PhilotesException> failure(List<SinkStatus> sinks) {
        return run.lifecycle()
                .failure()
                .or(this::captureFailure)
                .or(() ->
                        sinks.stream().flatMap(sink -> sink.failure().stream()).findFirst());
    }

    private Optional<PhilotesException> captureFailure() {
        return run.lifecycle().state().isFinal()
                ? Optional.empty()
                : run.readFailures().now().map(Retry::last);
    }

    private static Optional<Instant> lastCommit(List<SinkStatus> sinks) {
        return sinks.stream().flatMap(sink -> sink.lastCommit().stream()).max(Instant::compareTo);
    }
}
