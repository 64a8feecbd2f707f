// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.philotes.checkpoint.TableState;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkState;
import io.philotes.pipeline.SourceStatus;
import io.philotes.source.SlotWal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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
    private final Tags slot;
    private final Supplier<PipelineStatus> status;
    private final Clock clock;

    private PipelineGauges(String pipelineName, String slotName, Supplier<PipelineStatus> status, Clock clock) {
        this.pipeline = Tags.of("pipeline", pipelineName);
        this.slot = pipeline.and("slot", slotName);
        this.status = Objects.requireNonNull(status, "status");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * The gauges of one pipeline; nothing is registered yet.
     *
     * @param slotName the slot that the pipeline reads, for the gauges about it; of a configured pipeline
     *     {@link io.philotes.config.PipelineFactory#slot} tells
     * @param status gives the pipeline's present status, quickly, from any thread
     * @param clock tells the age of the last commit
     */
    public static PipelineGauges of(
            String pipelineName, String slotName, Supplier<PipelineStatus> status, Clock clock) {
        return new PipelineGauges(pipelineName, slotName, status, clock);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (PipelineState state : PipelineState.values()) {
            gauge("philotes.pipeline.state", "1 for the state it is in", s -> s.state() == state ? 1 : 0)
                    .tags(pipeline.and("state", state.name().toLowerCase(Locale.ROOT)))
                    .register(registry);
        }
        for (TableState state : TableState.values()) {
            gauge("philotes.tables", "Tables of all sinks in a state", s -> tables(s, state))
                    .tags(pipeline.and("state", SinkMeters.word(state)))
                    .register(registry);
        }
        for (SinkState state : SinkState.values()) {
            gauge("philotes.sinks", "Sinks in a state", s -> sinks(s, state))
                    .tags(pipeline.and("state", SinkMeters.word(state)))
                    .register(registry);
        }
        gauge("philotes.leader", "1 when this instance reads the slot", s -> isReading(s) ? 1 : 0)
                .register(registry);
        bytes(registry, "philotes.replication.lag.bytes", "WAL not yet committed", PipelineStatus::lagBytes);
        bytes(registry, "philotes.buffer.size", "Bytes held before the sink", PipelineStatus::bufferBytes);
        bytes(registry, "philotes.buffer.limit", "Where capture starts to wait", PipelineStatus::bufferLimitBytes);
        bindSource(registry);
        bindSlot(registry);
        bindSlotWal(registry);
        seconds(
                registry,
                "philotes.replication.lag",
                "Age of the oldest change not committed",
                s -> millis(s.lagTime()));
        seconds(registry, "philotes.commit.last.success.age", "Time since the last commit", this::lastCommitAge);
    }

    private static double tables(PipelineStatus status, TableState state) {
        return status.tables().stream().filter(table -> table.state() == state).count();
    }

    private static double sinks(PipelineStatus status, SinkState state) {
        return status.sinks().stream().filter(sink -> sink.state() == state).count();
    }

    /** NaN before the first look, and where there is no limit or no growth. */
    private void bindSource(MeterRegistry registry) {
        gauge(
                        "philotes.source.alerts",
                        "Alerts that are raised",
                        s -> s.source()
                                .map(source -> (double) source.alerts().size())
                                .orElse(Double.NaN))
                .register(registry);
        TimeGauge.builder(
                        "philotes.slot.wal.full.in",
                        status,
                        TimeUnit.MILLISECONDS,
                        s -> s.get()
                                .source()
                                .flatMap(SourceStatus::fullIn)
                                .map(PipelineGauges::millis)
                                .orElse(Double.NaN))
                .strongReference(true)
                .description("Time until the WAL limit is reached")
                .tags(slot)
                .register(registry);
    }

    private void bindSlot(MeterRegistry registry) {
        ofSlot("philotes.slot.active", "1 while somebody reads the slot", slot -> slot.active() ? 1 : 0)
                .register(registry);
        for (String word : WAL_STATUSES) {
            ofSlot(
                            "philotes.slot.wal.status",
                            "1 for the state of the slot's WAL",
                            slot -> slot.walStatus().equals(word) ? 1 : 0)
                    .tags(slot.and("status", word))
                    .register(registry);
        }
        ofSlot(
                        "philotes.slot.catalog.xmin.age",
                        "Transactions whose catalog rows the slot keeps",
                        SlotWal::catalogXminAge)
                .register(registry);
        ofSlot("philotes.slot.spill", "Transactions that decoding put on the server's disk", SlotWal::spillBytes)
                .baseUnit("bytes")
                .register(registry);
    }

    private void bindSlotWal(MeterRegistry registry) {
        ofSlot("philotes.slot.wal.retained", "WAL that the slot keeps at the source", SlotWal::retainedBytes)
                .baseUnit("bytes")
                .register(registry);
        ofSlot(
                        "philotes.slot.wal.safe",
                        "WAL until the server invalidates the slot",
                        slot -> slot.safeBytes() < 0 ? Double.NaN : slot.safeBytes())
                .baseUnit("bytes")
                .register(registry);
        gauge(
                        "philotes.slot.wal.limit",
                        "max_slot_wal_keep_size of the server, -1 for none",
                        s -> s.source()
                                .map(source -> (double) source.wal().keepLimitBytes())
                                .orElse(Double.NaN))
                .tags(slot)
                .baseUnit("bytes")
                .register(registry);
    }

    private Gauge.Builder<Supplier<PipelineStatus>> ofSlot(
            String name, String description, ToDoubleFunction<SlotWal> value) {
        return gauge(name, description, s -> slot(s, value)).tags(slot);
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
