// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.actuate;

import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkState;
import io.philotes.source.SlotWal;
import io.philotes.spring.PhilotesPipelines;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * One pipeline's health: UP while it reads, waits as another instance's replica or is held by a person; UNKNOWN before it reads and
 * after a person stopped it; DOWN when it failed, one of its sinks did, it is stalled, or its slot is lost. Thread-safe; asks nobody.
 */
public final class PipelineHealth extends AbstractHealthIndicator {

    private static final String LOST = "lost";

    private final PhilotesPipelines pipelines;
    private final String name;

    public PipelineHealth(PhilotesPipelines pipelines, String name) {
        this.pipelines = pipelines;
        this.name = name;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        PipelineStatus status = pipelines.status(name).orElseThrow();
        builder.status(of(status)).withDetails(StatusView.summary(status));
    }

    static Status of(PipelineStatus status) {
        if (status.state() == PipelineState.STOPPED) {
            // Whatever failed before, somebody knows and wants it so.
            return Status.UNKNOWN;
        }
        boolean lost = status.source()
                .flatMap(source -> source.wal().slot())
                .map(SlotWal::walStatus)
                .filter(LOST::equals)
                .isPresent();
        boolean sinkFailed = status.sinks().stream().anyMatch(sink -> sink.state() == SinkState.FAILED);
        if (lost || sinkFailed || status.stalled()) {
            return Status.DOWN;
        }
        return switch (status.state()) {
            case COPYING, RUNNING, PAUSED, STANDBY -> Status.UP;
            case CREATED, STARTING, STOPPING, STOPPED -> Status.UNKNOWN;
            case FAILED -> Status.DOWN;
        };
    }
}
