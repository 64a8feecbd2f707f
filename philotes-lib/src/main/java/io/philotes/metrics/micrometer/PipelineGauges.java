// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SourceStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.source.SlotWal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Shows how one pipeline stands: state, lag, buffer, age of the last commit. Immutable; asks for the status at each reading.
 */
public final class PipelineGauges implements MeterBinder {

    private static final Set<PipelineState> READING =
            Set.of(PipelineState.COPYING, PipelineState.RUNNING, PipelineState.PAUSED);

    private static final List<String> WAL_STATUSES = List.of("reserved", "extended", "unreserved", "lost");

    private final Tags pipeline;
    private final Supplier<PipelineStatus> status;
    private final Clock clock;

    private PipelineGauges(String pipelineName, Supplier<PipelineStatus> status, Clock clock) {
        this.pipeline = Tags.of("pipeline", pipelineName);
        this.status = status;
        this.clock = clock;
    }

    /** @param status gives the pipeline's present status, quickly, from any thread */
    public static PipelineGauges of(String pipelineName, Supplier<PipelineStatus> status, Clock clock) {
        return new PipelineGauges(pipelineName, status, clock);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (PipelineState state : PipelineState.values()) {
            gauge("philotes.pipeline.state", "1 for the state it is in", s -> s.state() == state ? 1 : 0)
                    .tags(pipeline.and("state", state.name().toLowerCase(Locale.ROOT)))
                    .register(registry);
        }
        gauge("philotes.leader", "1 when this instance reads the slot", s -> isReading(s) ? 1 : 0)
                .register(registry);
        bytes(registry, "philotes.replication.lag.bytes", "WAL not yet committed", PipelineStatus::lagBytes);
        bytes(registry, "philotes.buffer.size", "Bytes held before the sink", PipelineStatus::bufferBytes);
        bytes(registry, "philotes.buffer.limit", "Where capture starts to wait", PipelineStatus::bufferLimitBytes);
        gauge("philotes.dead.letters", "Changes set aside that wait to be replayed", PipelineGauges::deadLetters)
                .register(registry);
        bindSource(registry);
        bindSlot(registry);
        seconds(
                registry,
                "philotes.replication.lag",
                "Age of the oldest change not committed",
                s -> millis(s.lagTime()));
        seconds(registry, "philotes.commit.last.success.age", "Time since the last commit", this::lastCommitAge);
    }

    private static double deadLetters(PipelineStatus status) {
        return status.sinks().stream()
                .flatMap(sink -> sink.tables().stream())
                .mapToLong(TableStatus::deadLetters)
                .sum();
    }

    /** NaN before the first look, and where there is no limit or no growth. */
    private void bindSource(MeterRegistry registry) {
        bytes(
                registry,
                "philotes.slot.wal.retained",
                "WAL that the slot keeps at the source",
                s -> slot(s, SlotWal::retainedBytes));
        bytes(
                registry,
                "philotes.slot.wal.safe",
                "WAL until the server invalidates the slot",
                s -> slot(s, slot -> slot.safeBytes() < 0 ? Double.NaN : slot.safeBytes()));
        gauge(
                        "philotes.slot.catalog.xmin.age",
                        "Transactions whose catalog rows the slot keeps",
                        s -> slot(s, SlotWal::catalogXminAge))
                .register(registry);
        gauge(
                        "philotes.source.alerts",
                        "Alerts that are raised",
                        s -> s.source()
                                .map(source -> (double) source.alerts().size())
                                .orElse(Double.NaN))
                .register(registry);
        seconds(
                registry,
                "philotes.slot.wal.full.in",
                "Time until the WAL limit is reached",
                s -> s.source()
                        .flatMap(SourceStatus::fullIn)
                        .map(PipelineGauges::millis)
                        .orElse(Double.NaN));
    }

    private void bindSlot(MeterRegistry registry) {
        gauge("philotes.slot.active", "1 while somebody reads the slot", s -> slot(s, slot -> slot.active() ? 1 : 0))
                .register(registry);
        for (String word : WAL_STATUSES) {
            gauge(
                            "philotes.slot.wal.status",
                            "1 for the state of the slot's WAL",
                            s -> slot(s, slot -> slot.walStatus().equals(word) ? 1 : 0))
                    .tags(pipeline.and("status", word))
                    .register(registry);
        }
        bytes(
                registry,
                "philotes.slot.wal.limit",
                "max_slot_wal_keep_size of the server, -1 for none",
                s -> s.source()
                        .map(source -> (double) source.wal().keepLimitBytes())
                        .orElse(Double.NaN));
        bytes(
                registry,
                "philotes.slot.spill",
                "Transactions that decoding put on the server's disk",
                s -> slot(s, SlotWal::spillBytes));
    }

    private static double slot(PipelineStatus now, ToDoubleFunction<SlotWal> value) {
        return now.source()
                .flatMap(source -> source.wal().slot())
                .map(value::applyAsDouble)
                .orElse(Double.NaN);
    }

    private static boolean isReading(PipelineStatus now) {
        return READING.contains(now.state());
    }

    private double lastCommitAge(PipelineStatus now) {
        return now.lastCommit()
                .map(at -> millis(Duration.between(at, clock.instant())))
                .orElse(Double.NaN);
    }

    private static double millis(Duration duration) {
        return duration.toMillis();
    }

    private Gauge.Builder<Supplier<PipelineStatus>> gauge(
            String name, String description, ToDoubleFunction<PipelineStatus> value) {
        return Gauge.builder(name, status, s -> value.applyAsDouble(s.get()))
                .strongReference(true)
                .description(description)
                .tags(pipeline);
    }

    private void bytes(
            MeterRegistry registry, String name, String description, ToDoubleFunction<PipelineStatus> value) {
        gauge(name, description, value).baseUnit("bytes").register(registry);
    }

    private void seconds(
            MeterRegistry registry, String name, String description, ToDoubleFunction<PipelineStatus> value) {
        TimeGauge.builder(name, status, TimeUnit.MILLISECONDS, s -> value.applyAsDouble(s.get()))
                .strongReference(true)
                .description(description)
                .tags(pipeline)
                .register(registry);
    }
}
