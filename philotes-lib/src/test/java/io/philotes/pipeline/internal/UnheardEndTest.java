// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Alert;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.pipeline.WalGuard;
import io.philotes.sink.Sink;
import io.philotes.source.SlotWal;
import io.philotes.source.SourceLook;
import io.philotes.source.WalStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A thread of a pipeline that comes to an end which nobody wanted is heard of: the pipeline does not look well. */
class UnheardEndTest {

    private static final long MOST = 1 << 20;

    private static PipelineParts parts(ScriptedSource source, Sink sink, PipelineListener... listeners) {
        return parts(source, sink, Duration.ofMinutes(5), listeners);
    }

    private static PipelineParts parts(
            ScriptedSource source, Sink sink, Duration heartbeats, PipelineListener... listeners) {
        PipelineSettings settings = new PipelineSettings(
                "heard",
                Duration.ofMillis(20),
                1 << 20,
                heartbeats,
                Duration.ofMinutes(5),
                1,
                ResyncPolicy.MANUAL,
                new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMinutes(5)),
                new WalGuard(MOST / 2, MOST, WalGuard.OnExceeded.ALERT),
                1 << 20,
                Clock.systemUTC(),
                PipelineMetrics.NONE,
                List.of(listeners));
        return new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(1 << 20),
                Optional.of(new HeldCheckpoints()),
                List.of(new SinkPart("sink", sink)),
                RowHandling.DEFAULT);
    }

    private static void awaitFailure(Pipeline pipeline, ErrorCode code) {
        await().until(() -> pipeline.status().state() == PipelineState.FAILED);
        assertThat(pipeline.status().failure())
                .hasValueSatisfying(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void an_error_in_a_look_at_the_catalog_ends_the_pipeline() {
        ScriptedSource source = new ScriptedSource() {
            @Override
            public SourceLook look() {
                throw new OutOfMemoryError("scripted");
            }
        };
        try (Pipeline pipeline = RunningPipeline.start(parts(source, new CountingSink()))) {
            awaitFailure(pipeline, ErrorCode.DEFECT);
            assertThat(pipeline.status().failure().orElseThrow().getMessage()).contains("OutOfMemoryError");
        }
    }

    @Test
    void a_listener_that_interrupts_itself_does_not_end_the_timers() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        ScriptedSource source = new ScriptedSource() {
            @Override
            public Optional<WalStatus> wal() {
                looks.incrementAndGet();
                SlotWal slot = new SlotWal("own", true, "reserved", "", MOST - 1, -1, 0, Optional.empty(), 0);
                return Optional.of(new WalStatus(new Lsn(1), Optional.of(slot), -1, List.of(), List.of()));
            }
        };
        AtomicInteger interrupts = new AtomicInteger();
        PipelineParts parts = parts(source, new CountingSink(), Duration.ofMillis(1), new PipelineListener() {
            @Override
            public void alert(String pipeline, Alert alert) {
                interrupts.incrementAndGet();
                Thread.currentThread().interrupt();
            }
        });
        RunState run = RunState.of(parts);
        StopFlag stop = new StopFlag();
        CompletableFuture<Void> house =
                CompletableFuture.runAsync(() -> new Housekeeper(parts.settings(), source, run).run(stop));
        await().until(() -> looks.get() >= 3);
        stop.set();
        house.get(20, TimeUnit.SECONDS);
        assertThat(interrupts).hasPositiveValue();
    }
}
