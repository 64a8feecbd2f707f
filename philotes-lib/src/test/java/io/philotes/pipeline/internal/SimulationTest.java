// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The engine against a scripted server and sink, single-threaded: a random order of source transactions, capture steps,
 * apply steps, broken streams, refused commits, lost replies and crashes. Whatever the order, each number arrives once and
 * in order, and PostgreSQL never forgets what is not in the sink.
 */
class SimulationTest {

    private final SettableClock clock = new SettableClock();
    private ScriptedSource source;
    private CountingSink sink;
    private HeldCheckpoints checkpoints;
    private ManualPipeline pipeline;

    @Property(tries = 300)
    void every_number_arrives_once_and_in_order(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        source = new ScriptedSource();
        sink = new CountingSink();
        checkpoints = new HeldCheckpoints();
        source.partSize(1 + random.nextInt(8));
        source.commit(random.nextInt(5));
        startProcess();
        for (int i = 0; i < 200; i++) {
            step(random);
            requirePromises();
        }
        drain();
        assertThat(sink.committed())
                .isEqualTo(IntStream.range(0, source.numbers()).boxed().toList());
    }

    private void startProcess() throws InterruptedException {
        PipelineSettings settings = new PipelineSettings(
                "sim",
                Duration.ofSeconds(10),
                200,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                1,
                ResyncPolicy.MANUAL,
                new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofDays(1)),
                1 << 20,
                clock,
                PipelineMetrics.NONE,
                List.of());
        pipeline = new ManualPipeline(new PipelineParts(
                settings, source, MemoryBuffer.bounded(100_000), Optional.of(checkpoints), "sink", sink));
        pipeline.begin();
    }

    private void step(Random random) throws InterruptedException {
        switch (random.nextInt(12)) {
            case 0, 1 -> source.commit(1 + random.nextInt(12));
            case 2 -> source.idleWal();
            case 3, 4, 5 -> pipeline.captureOnce();
            case 6, 7 -> applyOrBeginAgain();
            case 8 -> clock.advance(Duration.ofSeconds(6));
            case 9 -> source.failNextPoll();
            case 10 -> sink.nextCommit(CountingSink.Fault.values()[random.nextInt(3)]);
            default -> {
                if (random.nextInt(4) == 0) {
                    crash();
                }
            }
        }
    }

    private void applyOrBeginAgain() throws InterruptedException {
        if (!pipeline.applyOnce()) {
            pipeline.begin();
        }
    }

    /** The process dies: its memory goes, the slot, the checkpoint and what the sink committed stay. */
    private void crash() throws InterruptedException {
        source.disconnect();
        sink.crash();
        startProcess();
    }

    private void requirePromises() {
        Lsn reached = pipeline.progress().covered();
        assertThat(source.confirmed())
                .as("PostgreSQL forgets only what is covered")
                .isLessThanOrEqualTo(reached);
        assertThat(pipeline.progress().acknowledged()).isLessThanOrEqualTo(reached);
        assertThat(sink.committed()).as("in order, each once").isSorted().doesNotHaveDuplicates();
    }

    private void drain() throws InterruptedException {
        sink.nextCommit(CountingSink.Fault.NONE);
        Lsn end = source.identify().walEnd();
        while (pipeline.progress().covered().isBefore(end)) {
            pipeline.captureOnce();
            clock.advance(Duration.ofSeconds(20));
            applyOrBeginAgain();
        }
    }
}
