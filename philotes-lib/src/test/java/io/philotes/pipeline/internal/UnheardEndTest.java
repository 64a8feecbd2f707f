// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Alert;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.pipeline.SinkState;
import io.philotes.pipeline.WalGuard;
import io.philotes.sink.Sink;
import io.philotes.sink.Sinks;
import io.philotes.source.ChangeStream;
import io.philotes.source.SlotWal;
import io.philotes.source.SourceLook;
import io.philotes.source.WalStatus;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A thread of a pipeline that comes to an end which nobody wanted is heard of: the pipeline does not look well. */
class UnheardEndTest {

    private static final long MOST = 1 << 20;

    private static PipelineParts parts(ScriptedSource source, Sink sink, PipelineListener... listeners) {
        return parts(source, sink, Duration.ofMinutes(5), listeners);
    }

    private static PipelineParts parts(
            ScriptedSource source, Sink sink, Duration heartbeats, PipelineListener... listeners) {
        PipelineSettings settings = TestSettings.of("heard")
                .commitInterval(Duration.ofMillis(20))
                .heartbeatInterval(heartbeats)
                .schemaLookInterval(Duration.ofMinutes(5))
                .retry(new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMinutes(5)))
                .walGuard(new WalGuard(MOST / 2, MOST, WalGuard.OnExceeded.ALERT))
                .clock(Clock.systemUTC())
                .listeners(listeners)
                .made();
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

    /** A source that has one change for the sinks each time the stream is opened. */
    private static ScriptedSource oneChange() {
        return new ScriptedSource() {
            @Override
            public ChangeStream open(Lsn from) {
                commit(1);
                return super.open(from);
            }
        };
    }

    @Test
    void a_consumer_that_interrupts_itself_fails_its_sink() {
        Sink sink = Sinks.forEach(change -> Thread.currentThread().interrupt());
        try (Pipeline pipeline = RunningPipeline.start(parts(oneChange(), sink))) {
            awaitFailure(pipeline, ErrorCode.INTERRUPTED);
            assertThat(pipeline.status().sinks())
                    .singleElement()
                    .satisfies(status -> assertThat(status.state()).isEqualTo(SinkState.FAILED));
        }
    }

    @Test
    void a_consumer_that_throws_is_tried_again_though_it_interrupted_itself_too() {
        AtomicInteger calls = new AtomicInteger();
        Sink sink = Sinks.forEach(change -> {
            if (calls.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("scripted");
            }
        });
        try (Pipeline pipeline = RunningPipeline.start(parts(oneChange(), sink))) {
            await().until(() -> pipeline.status().commits() > 0);
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING);
            assertThat(calls.get()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void a_listener_that_hears_of_captures_trouble_can_stop_the_pipeline() throws Exception {
        ScriptedSource source = new ScriptedSource() {
            @Override
            public ChangeStream open(Lsn from) {
                throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "scripted");
            }
        };
        CompletableFuture<Pipeline> started = new CompletableFuture<>();
        CompletableFuture<String> stoppedBy = new CompletableFuture<>();
        PipelineListener stopping = new PipelineListener() {
            @Override
            public void retrying(String pipeline, PhilotesException failure) {
                started.join().stop(Duration.ofSeconds(20));
                stoppedBy.complete(Thread.currentThread().getName());
            }
        };
        try (Pipeline pipeline = RunningPipeline.start(parts(source, new CountingSink(), stopping))) {
            started.complete(pipeline);
            assertThat(stoppedBy.get(60, TimeUnit.SECONDS)).doesNotContain("capture");
            pipeline.awaitStopped();
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.STOPPED);
        }
    }

    @Test
    void what_capture_tried_again_in_a_session_that_ended_is_not_told_in_the_next() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        CompletableFuture<Thread> refused = new CompletableFuture<>();
        ScriptedSource source = new ScriptedSource() {
            @Override
            public ChangeStream open(Lsn from) {
                switch (opened.incrementAndGet()) {
                    case 1 -> throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot open: scripted");
                    case 2 -> {
                        refused.complete(Thread.currentThread());
                        throw new PhilotesException(ErrorCode.SLOT_IN_USE, "Cannot open: scripted");
                    }
                    default -> commit(1);
                }
                return super.open(from);
            }
        };
        List<ErrorCode> told = new CopyOnWriteArrayList<>();
        PipelineListener slow = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                if (to == PipelineState.RUNNING) {
                    await().until(() -> refused.isDone() && !refused.join().isAlive());
                }
            }

            @Override
            public void retrying(String pipeline, PhilotesException failure) {
                told.add(failure.code());
            }
        };
        try (Pipeline pipeline = RunningPipeline.start(parts(source, new CountingSink(), slow))) {
            await().until(() -> pipeline.status().commits() > 0);
        }
        assertThat(told).containsExactly(ErrorCode.SLOT_IN_USE);
    }

    @Test
    void a_listener_that_interrupts_the_pipelines_own_thread_ends_it_with_the_reason() {
        PipelineListener interrupting = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                if (to == PipelineState.RUNNING) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (Pipeline pipeline = RunningPipeline.start(parts(oneChange(), new CountingSink(), interrupting))) {
            awaitFailure(pipeline, ErrorCode.INTERRUPTED);
        }
    }

    @Test
    void a_sink_that_is_interrupted_because_its_session_ends_has_not_failed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        ScriptedSource source = new ScriptedSource() {
            @Override
            public boolean hasRules() {
                asked.countDown();
                try {
                    new CountDownLatch(1).await();
                    return false;
                } catch (InterruptedException e) {
                    throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot ask: interrupted", e);
                }
            }
        };
        RunState run = RunState.of(parts(source, new CountingSink()));
        Lane lane = run.lanes().iterator().next();
        AtomicReference<PhilotesException> ofTheSession = new AtomicReference<>();
        LaneThread thread = new LaneThread(lane, source, run, ofTheSession);
        thread.start();
        asked.await();
        thread.end();
        thread.interrupt();
        thread.join(0);
        assertThat(lane.health().failure()).isEmpty();
        assertThat(ofTheSession).hasNullValue();
    }

    @Test
    void a_pipeline_whose_last_sink_failed_while_it_lost_the_slot_does_not_stand_by() {
        CountDownLatch tending = new CountDownLatch(1);
        ScriptedSource source = new ScriptedSource() {
            @Override
            public ChangeStream open(Lsn from) {
                awaitQuietly(tending);
                throw new PhilotesException(ErrorCode.SLOT_IN_USE, "Cannot open: scripted");
            }
        };
        CountingSink counting = new CountingSink();
        Sink fenced = (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (sink, method, args) -> {
                    if (method.getName().equals("tend")) {
                        tending.countDown();
                        // Until the session, which ends, interrupts it.
                        awaitQuietly(new CountDownLatch(1));
                        throw new PhilotesException(ErrorCode.FENCED, "Cannot tend: scripted");
                    }
                    return method.invoke(counting, args);
                });
        try (Pipeline pipeline = RunningPipeline.start(parts(source, fenced))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> pipeline.status().state() == PipelineState.STANDBY
                            || pipeline.status().state().isFinal());
            awaitFailure(pipeline, ErrorCode.FENCED);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Sink unclosable() {
        CountingSink counting = new CountingSink();
        return (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (sink, method, args) -> {
                    if (method.getName().equals("close")) {
                        throw new IllegalStateException("scripted");
                    }
                    return method.invoke(counting, args);
                });
    }

    @Test
    void a_sink_that_cannot_be_closed_is_removed_and_takes_no_other_with_it() throws Exception {
        try (Pipeline pipeline = RunningPipeline.start(parts(oneChange(), new CountingSink()))) {
            await().until(() -> pipeline.status().commits() > 0);
            pipeline.addSink("second", unclosable());
            pipeline.removeSink("second");
            assertThat(pipeline.status().sinks()).hasSize(1);
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING);
        }
    }

    @Test
    void a_sink_that_cannot_be_closed_keeps_nobody_waiting_for_the_end() throws Exception {
        Pipeline pipeline = RunningPipeline.start(parts(oneChange(), unclosable()));
        await().until(() -> pipeline.status().commits() > 0);
        pipeline.close();
        assertThat(pipeline.status().state()).isEqualTo(PipelineState.STOPPED);
        pipeline.awaitStopped();
    }
}
