// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.pipeline.RowPolicy;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Numbers that do not fit, set aside and replayed, while sink, queue and process fail between any two steps: each number
 * arrives once, and those of one key in their order.
 */
class DeadLetterSimulationTest {

    private static final DeadLetterFilter OPEN = DeadLetterFilter.ALL.in(DeadLetterState.BLOCKING);

    private final SettableClock clock = new SettableClock();
    private ScriptedSource source;
    private CountingSink counting;
    private ParkingSink sink;
    private HeldLetters letters;
    private HeldCheckpoints checkpoints;
    private ManualPipeline pipeline;
    private int max = 100_000;

    private void begin(Random random) throws InterruptedException {
        source = new ScriptedSource();
        counting = new CountingSink();
        sink = new ParkingSink(counting);
        letters = new HeldLetters();
        checkpoints = new HeldCheckpoints();
        source.partSize(1 + random.nextInt(8));
        source.commit(random.nextInt(5));
        startProcess();
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
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(checkpoints),
                List.of(new SinkPart("sink", sink)),
                new RowHandling(RowPolicy.DEAD_LETTER, Optional.of(letters), max)));
        beginSession();
    }

    /** The session's thread tries again when something fails that may pass. */
    private void beginSession() throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                pipeline.begin();
                return;
            } catch (PhilotesException e) {
                assertThat(i).as("tries to begin: %s", e.getMessage()).isLessThan(20);
            }
        }
    }

    @Property(tries = 300, shrinking = net.jqwik.api.ShrinkingMode.OFF)
    void every_number_arrives_once_and_those_of_a_key_in_order(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        begin(random);
        for (int i = 0; i < 300; i++) {
            step(random);
            requirePromises();
        }
        sink.mend();
        letters.fail(-1, false);
        drain();
        assertThat(letters.count(OPEN)).isZero();
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
    }

    private void step(Random random) throws InterruptedException {
        switch (random.nextInt(17)) {
            case 0, 1 -> source.commit(random.nextInt(8));
            case 2, 3, 4 -> pipeline.captureOnce();
            case 5, 6, 7, 8 -> applyOrBeginAgain();
            case 9 -> clock.advance(Duration.ofSeconds(6));
            case 10, 11 -> want(random);
            case 12 -> letters.fail(random.nextInt(8), random.nextBoolean());
            case 13 -> counting.nextCommit(CountingSink.Fault.values()[random.nextInt(3)]);
            case 14 -> pipeline.helpOnce();
            case 15 -> {
                if (random.nextInt(10) == 0) {
                    pipeline.resync(ScriptedSource.TABLE.table());
                }
            }
            default -> {
                if (random.nextInt(3) == 0) {
                    crash();
                }
            }
        }
    }

    /** Two people at once, one of whom fails. */
    private void want(Random random) {
        List<DeadLetter.Id> ids = letters.list(OPEN, Optional.empty(), 1000).stream()
                .filter(letter -> random.nextInt(3) == 0)
                .map(DeadLetter::id)
                .toList();
        try {
            letters.move(ids, DeadLetterMove.wanted(clock.instant()));
        } catch (PhilotesException e) {
            letters.move(ids, DeadLetterMove.wanted(clock.instant()));
        }
    }

    private void applyOrBeginAgain() throws InterruptedException {
        if (!pipeline.applyOnce()) {
            beginSession();
        }
    }

    private void crash() throws InterruptedException {
        source.disconnect();
        sink.crash();
        startProcess();
    }

    private void requirePromises() {
        List<Integer> rows = counting.committed();
        assertThat(rows).doesNotHaveDuplicates();
        IntStream.range(0, ParkingSink.KEYS)
                .forEach(key -> assertThat(rows.stream()
                                .filter(n -> n % ParkingSink.KEYS == key)
                                .toList())
                        .as("numbers of key %s", key)
                        .isSorted());
        Set<TableState> sound = Set.of(TableState.STREAMING, TableState.COPYING, TableState.PENDING);
        assertThat(pipeline.board().progress(ScriptedSource.TABLE.table()).state())
                .isIn(sound);
    }

    private void drain() throws InterruptedException {
        counting.nextCommit(CountingSink.Fault.NONE);
        Lsn end = source.identify().walEnd();
        for (int i = 0; !pipeline.hasReached(end) || letters.count(OPEN) > 0; i++) {
            assertThat(i).as("steps to the end").isLessThan(5_000);
            letters.move(
                    letters.list(OPEN, Optional.empty(), 1000).stream()
                            .map(DeadLetter::id)
                            .toList(),
                    DeadLetterMove.wanted(clock.instant()));
            pipeline.captureOnce();
            clock.advance(Duration.ofSeconds(20));
            applyOrBeginAgain();
            pipeline.helpOnce();
            requirePromises();
        }
    }
}
