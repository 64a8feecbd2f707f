// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.AheadBuffers;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeEvent;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.Sinks;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * As {@link SimulationTest}, with several sinks, one of them a consumer: each fails, is away, comes and goes by itself.
 * Whatever the order, each number arrives once and in order in each sink, the consumer misses none, nothing that a sink still
 * needs is trimmed, and PostgreSQL never forgets what is not in every sink.
 */
class SeveralLanesSimulationTest {

    private static final List<RelationSchema> TABLES = List.of(ScriptedSource.TABLE, ScriptedSource.OTHER);

    private final SettableClock clock = new SettableClock();
    private final Map<String, CountingSink> sinks = new LinkedHashMap<>();
    private final Map<TableId, Integer> heard = new HashMap<>();
    private ScriptedSource source;
    private HeldCheckpoints checkpoints;
    private MemoryBuffer buffer;
    private ManualPipeline pipeline;
    private int bufferBytes;
    private boolean ahead;

    @Property(tries = 300)
    void every_sink_gets_every_number_once_whatever_becomes_of_the_others(@ForAll long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        source = new ScriptedSource();
        checkpoints = new HeldCheckpoints();
        sinks.clear();
        sinks.put("sink", new CountingSink());
        sinks.put("replica", new CountingSink());
        heard.clear();
        bufferBytes = random.nextBoolean() ? 4_000 : 100_000;
        ahead = random.nextBoolean();
        source.partSize(1 + random.nextInt(8));
        if (random.nextBoolean()) {
            source.create(ScriptedSource.OTHER);
        }
        source.commit(random.nextInt(5));
        startProcess();
        for (int i = 0; i < 400; i++) {
            step(random);
            requirePromises();
        }
        source.create(ScriptedSource.OTHER);
        drain();
    }

    private void startProcess() throws InterruptedException {
        PipelineSettings settings = TestSettings.simulated("sim", clock).made();
        buffer = ahead ? AheadBuffers.memory(bufferBytes) : MemoryBuffer.bounded(bufferBytes);
        List<SinkPart> parts = new ArrayList<>();
        sinks.forEach((name, sink) -> parts.add(new SinkPart(name, sink)));
        parts.add(new SinkPart("audit", Sinks.forEach(this::hear)));
        pipeline = new ManualPipeline(new PipelineParts(settings, source, buffer, Optional.of(checkpoints), parts));
        begin();
    }

    /** A first start wants every sink; a later one is content with one. */
    private void begin() throws InterruptedException {
        try {
            pipeline.begin();
        } catch (PhilotesException e) {
            sinks.values().forEach(sink -> sink.down(false));
            pipeline.begin();
        }
    }

    /** At least once: again and again, but never past a number that was not heard. */
    private void hear(ChangeEvent event) {
        ChangeEvent.Insert insert = (ChangeEvent.Insert) event;
        int number = insert.row().intValue("n");
        int newest = heard.getOrDefault(event.table(), number - 1);
        assertThat(number).as("%s: none is left out", event.table()).isLessThanOrEqualTo(newest + 1);
        heard.put(event.table(), Math.max(newest, number));
    }

    private void step(Random random) throws InterruptedException {
        switch (random.nextInt(24)) {
            case 0, 1 -> commit(random);
            case 2 -> source.idleWal();
            case 3, 4, 5 -> pipeline.captureOnce();
            case 6, 7, 8, 9, 10, 11 -> pipeline.applyOnce(lane(random));
            case 12, 13 -> pipeline.helpOnce();
            case 14 -> clock.advance(Duration.ofSeconds(6));
            case 15 -> pipeline.lookOnce();
            case 16 -> wish(random);
            case 17 -> fault(random);
            case 18 -> sink(random).nextCommit(CountingSink.Fault.values()[random.nextInt(4)]);
            case 19 -> source.create(ScriptedSource.OTHER);
            case 20 -> sink(random).down(random.nextBoolean());
            case 21 -> comeOrGo(random);
            case 22 -> {
                if (random.nextInt(4) == 0) {
                    begin();
                }
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    crash();
                }
            }
        }
    }

    private Lane lane(Random random) {
        List<Lane> all = pipeline.lanes().stream().toList();
        return all.get(random.nextInt(all.size()));
    }

    private CountingSink sink(Random random) {
        List<CountingSink> all = List.copyOf(sinks.values());
        return all.get(random.nextInt(all.size()));
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
        if (random.nextInt(3) == 0) {
            pipeline.resync(TABLES.get(random.nextInt(2)).table());
        }
    }

    private void fault(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> source.failNextPoll();
            case 1 -> source.failNextExport();
            case 2 -> source.failNextRead();
            default -> sink(random).nextLoad(CountingSink.Fault.values()[random.nextInt(3)]);
        }
    }

    private void comeOrGo(Random random) throws InterruptedException {
        if (random.nextInt(4) != 0) {
            return;
        }
        if (sinks.containsKey("guest")) {
            sinks.remove("guest");
            pipeline.remove(pipeline.lanes().named("guest").orElseThrow());
        } else {
            CountingSink guest = new CountingSink();
            sinks.put("guest", guest);
            pipeline.add(new SinkPart("guest", guest));
        }
    }

    private void crash() throws InterruptedException {
        source.disconnect();
        sinks.values().forEach(CountingSink::crash);
        startProcess();
    }

    private void requirePromises() {
        Lsn reached = pipeline.covered();
        assertThat(source.confirmed())
                .as("PostgreSQL forgets only what is covered in every sink")
                .isLessThanOrEqualTo(reached);
        assertThat(pipeline.progress().acknowledged()).isLessThanOrEqualTo(buffer.durableUpTo());
        pipeline.lanes().forEach(this::requireWhatItNeeds);
        sinks.forEach((name, sink) -> TABLES.forEach(table -> {
            List<Integer> rows = sink.committed(table);
            assertThat(rows)
                    .as("%s, %s: each once, in order, without a gap", name, table.table())
                    .isEqualTo(IntStream.range(0, rows.size()).boxed().toList());
        }));
    }

    /** A sink that is to be opened may be further than its checkpoint says. */
    private void requireWhatItNeeds(Lane lane) {
        if (pipeline.isOpen(lane)) {
            lane.board()
                    .lowestPosition()
                    .ifPresent(needed -> assertThat(buffer.trimmedUpTo())
                            .as("%s: what it needs is there", lane.name())
                            .isLessThanOrEqualTo(needed));
        }
    }

    private void drain() throws InterruptedException {
        sinks.values().forEach(sink -> {
            sink.nextCommit(CountingSink.Fault.NONE);
            sink.down(false);
        });
        pipeline.lookOnce();
        Lsn end = source.identify().walEnd();
        for (int i = 0; !isDone(end); i++) {
            assertThat(i).as("steps to the end").isLessThan(10_000);
            pipeline.captureOnce();
            clock.advance(Duration.ofSeconds(20));
            for (Lane lane : pipeline.lanes()) {
                pipeline.applyOnce(lane);
            }
            pipeline.helpOnce();
            requirePromises();
        }
        for (Lane lane : pipeline.lanes()) {
            assertThat(lane.board().inState(TableState.STREAMING))
                    .as("%s", lane.name())
                    .hasSize(2);
        }
        sinks.forEach((name, sink) ->
                TABLES.forEach(table -> assertThat(sink.committed(table)).hasSize(source.numbers(table))));
        heard.forEach((table, newest) -> assertThat(newest + 1).isEqualTo(numbers(table)));
    }

    private int numbers(TableId table) {
        return TABLES.stream()
                .filter(relation -> relation.table().equals(table))
                .mapToInt(source::numbers)
                .sum();
    }

    private boolean isDone(Lsn end) {
        return pipeline.lanes().stream().allMatch(lane -> lane.board().tables().size() == 2)
                && pipeline.hasReached(end);
    }
}
