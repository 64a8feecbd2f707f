// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.AheadBuffers;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The engine against a scripted server and sink, single-threaded: a random order of source transactions in two tables,
 * capture steps, apply steps, table copies in the background, broken streams, refused commits, lost replies and crashes.
 * Whatever the order, each number arrives once and in order in each table, no table ever shows a part of a copy, and
 * PostgreSQL never forgets what is not in the sink.
 */
class SimulationTest {

    private static final List<RelationSchema> TABLES = List.of(ScriptedSource.TABLE, ScriptedSource.OTHER);

    private final SettableClock clock = new SettableClock();
    private ScriptedSource source;
    private CountingSink sink;
    private HeldCheckpoints checkpoints;
    private ManualPipeline pipeline;
    private int bufferBytes;
    private boolean ahead;

    @Property(tries = 500)
    void every_number_arrives_once_and_in_order(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        source = new ScriptedSource();
        sink = new CountingSink();
        checkpoints = new HeldCheckpoints();
        bufferBytes = random.nextBoolean() ? 4_000 : 100_000;
        ahead = random.nextBoolean();
        source.partSize(1 + random.nextInt(8));
        if (random.nextBoolean()) {
            source.create(ScriptedSource.OTHER);
        }
        source.commit(random.nextInt(5));
        startProcess();
        for (int i = 0; i < 300; i++) {
            step(random);
            requirePromises();
        }
        source.create(ScriptedSource.OTHER);
        drain();
        for (RelationSchema table : TABLES) {
            assertThat(sink.committed(table)).hasSize(source.numbers(table));
        }
    }

    private void startProcess() throws InterruptedException {
        PipelineSettings settings = TestSettings.simulated("sim", clock).made();
        pipeline = new ManualPipeline(new PipelineParts(
                settings,
                source,
                ahead ? AheadBuffers.memory(bufferBytes) : MemoryBuffer.bounded(bufferBytes),
                Optional.of(checkpoints),
                List.of(new SinkPart("sink", sink))));
        pipeline.begin();
    }

    private void step(Random random) throws InterruptedException {
        switch (random.nextInt(19)) {
            case 0, 1 -> commit(random);
            case 2 -> source.idleWal();
            case 3, 4, 5 -> pipeline.captureOnce();
            case 6, 7, 8, 9 -> applyOrBeginAgain();
            case 10, 11 -> pipeline.helpOnce();
            case 12 -> clock.advance(Duration.ofSeconds(6));
            case 13 -> pipeline.lookOnce();
            case 14 -> wish(random);
            case 15 -> fault(random);
            case 16 -> sink.nextCommit(CountingSink.Fault.values()[random.nextInt(4)]);
            case 17 -> source.create(ScriptedSource.OTHER);
            default -> {
                if (random.nextInt(4) == 0) {
                    crash();
                }
            }
        }
    }

    private void commit(Random random) {
        int rows = random.nextInt(12);
        boolean both = source.tables().size() > 1;
        source.commit(
                both
                        ? Map.of(ScriptedSource.TABLE, rows, ScriptedSource.OTHER, random.nextInt(12))
                        : Map.of(ScriptedSource.TABLE, rows));
    }

    private void wish(Random random) {
        TableId table = TABLES.get(random.nextInt(2)).table();
        if (random.nextInt(3) == 0) {
            pipeline.resync(table);
        }
    }

    private void fault(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> source.failNextPoll();
            case 1 -> source.failNextExport();
            case 2 -> source.failNextRead();
            default -> sink.nextLoad(CountingSink.Fault.values()[random.nextInt(3)]);
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
        Lsn reached = pipeline.covered();
        assertThat(source.confirmed())
                .as("PostgreSQL forgets only what is covered")
                .isLessThanOrEqualTo(reached);
        assertThat(pipeline.progress().acknowledged()).isLessThanOrEqualTo(reached);
        for (RelationSchema table : TABLES) {
            List<Integer> rows = sink.committed(table);
            assertThat(rows)
                    .as("%s: each once, in order, without a gap", table.table())
                    .isEqualTo(IntStream.range(0, rows.size()).boxed().toList());
        }
    }

    private void drain() throws InterruptedException {
        sink.nextCommit(CountingSink.Fault.NONE);
        pipeline.lookOnce();
        Lsn end = source.identify().walEnd();
        for (int i = 0; !(pipeline.board().tables().size() == 2 && pipeline.hasReached(end)); i++) {
            assertThat(i).as("steps to the end").isLessThan(10_000);
            pipeline.captureOnce();
            clock.advance(Duration.ofSeconds(20));
            applyOrBeginAgain();
            pipeline.helpOnce();
            requirePromises();
        }
        assertThat(pipeline.board().inState(TableState.STREAMING)).hasSize(2);
    }
}
