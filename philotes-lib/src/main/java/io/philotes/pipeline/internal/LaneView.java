// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.SinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Puts one sink's marks together into its status. Thread-safe; never blocks. */
final class LaneView {

    /** Work that waits without any movement for this many intervals, and at least a minute, is stalled. */
    private static final int STALLED_INTERVALS = 10;

    private static final Duration STALLED_AT_LEAST = Duration.ofMinutes(1);

    private final PipelineSettings settings;
    private final RunState run;

    LaneView(PipelineSettings settings, RunState run) {
        this.settings = settings;
        this.run = run;
    }

    SinkStatus status(Lane lane) {
        LaneProgress progress = lane.progress();
        Lsn covered = progress.covered();
        return new SinkStatus(
                lane.name().sink(),
                lane.health().state(),
                lane.health().failure(),
                covered,
                lagBytes(covered),
                lagTime(progress),
                progress.commits(),
                lastCommit(progress),
                stalled(lane),
                lane.board().statuses());
    }

    /** None before it is known what the sink has; the place itself is no distance. */
    private long lagBytes(Lsn covered) {
        boolean isKnown = !covered.equals(Lsn.ZERO) && !standsBy();
        return isKnown ? run.progress().walEnd().bytesSince(covered) : 0;
    }

    /** Then another instance goes on from what this one had: its marks stay where they are, and say nothing of a lag. */
    private boolean standsBy() {
        return run.lifecycle().state() == PipelineState.STANDBY;
    }

    private Duration lagTime(LaneProgress progress) {
        long oldest = progress.oldestUncommittedMicros();
        if (oldest == 0 || standsBy()) {
            return Duration.ZERO;
        }
        long now = TimeUnit.MILLISECONDS.toMicros(settings.clock().millis());
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Math.max(0, now - oldest)));
    }

    private static Optional<Instant> lastCommit(LaneProgress progress) {
        long millis = progress.lastCommitMillis();
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private boolean stalled(Lane lane) {
        boolean work = run.progress().received().isAfter(lane.progress().covered());
        return switch (run.lifecycle().state()) {
            case STARTING, COPYING -> isStill(lane);
            case RUNNING -> work && isStill(lane);
            default -> false;
        };
    }

    private Duration limit() {
        Duration byInterval = settings.commitInterval().multipliedBy(STALLED_INTERVALS);
        return byInterval.compareTo(STALLED_AT_LEAST) > 0 ? byInterval : STALLED_AT_LEAST;
    }

    private boolean isStill(Lane lane) {
        return lane.progress().stillFor().compareTo(limit()) > 0;
    }
}
