// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.pipeline.PipelineStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Puts the marks together into a status. Thread-safe; never blocks. */
final class StatusView {

    /** Work that waits without any movement for this many intervals, and at least a minute, is stalled. */
    private static final int STALLED_INTERVALS = 10;

    private static final Duration STALLED_AT_LEAST = Duration.ofMinutes(1);

    private final PipelineParts parts;
    private final RunState run;
    private final long startedMillis;

    StatusView(PipelineParts parts, RunState run) {
        this.parts = parts;
        this.run = run;
        this.startedMillis = parts.settings().clock().millis();
    }

    PipelineStatus status() {
        Progress progress = run.progress();
        PipelineStatus.Positions positions = new PipelineStatus.Positions(
                progress.walEnd(),
                progress.received(),
                parts.buffer().durableUpTo(),
                progress.acknowledged(),
                progress.covered());
        return new PipelineStatus(
                parts.settings().name(),
                run.lifecycle().state(),
                run.lifecycle().failure(),
                positions,
                positions.walEnd().bytesSince(positions.covered()),
                lagTime(),
                parts.buffer().heldBytes(),
                parts.buffer().limitBytes(),
                progress.changesReceived(),
                progress.commits(),
                lastCommit(),
                stalled(positions),
                run.looks().tracking(),
                run.walWatch().status(),
                run.board().statuses());
    }

    private Duration lagTime() {
        long oldest = run.progress().oldestUncommittedMicros();
        if (oldest == 0) {
            return Duration.ZERO;
        }
        long now = TimeUnit.MILLISECONDS.toMicros(parts.settings().clock().millis());
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Math.max(0, now - oldest)));
    }

    private Optional<Instant> lastCommit() {
        long millis = run.progress().lastCommitMillis();
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private boolean stalled(PipelineStatus.Positions positions) {
        boolean work = positions.received().isAfter(positions.covered());
        return switch (run.lifecycle().state()) {
            case STARTING, COPYING -> stillFor(limit());
            case RUNNING -> work && stillFor(limit());
            default -> false;
        };
    }

    private Duration limit() {
        Duration byInterval = parts.settings().commitInterval().multipliedBy(STALLED_INTERVALS);
        return byInterval.compareTo(STALLED_AT_LEAST) > 0 ? byInterval : STALLED_AT_LEAST;
    }

    private boolean stillFor(Duration limit) {
        long since = Math.max(run.progress().lastMovementMillis(), startedMillis);
        return parts.settings().clock().millis() - since > limit.toMillis();
    }
}
