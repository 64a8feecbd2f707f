// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.AheadBuffers;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * As {@link SeveralLanesSimulationTest}, where standbys take the source's place at any moment, and a sink or its checkpoint may be
 * out of reach. A standby that has everything of which anybody was told stops nothing. After one that has less, either every sink
 * comes to equal it, or the pipeline says SOURCE_REWOUND: in this process or in the next one, never neither.
 */
class FailoverSimulationTest {

    private static final List<RelationSchema> TABLES = List.of(ScriptedSource.TABLE, ScriptedSource.OTHER);
    private static final List<String> KEYS = List.of("sim", "sim.replica");

    private final SettableClock clock = new SettableClock();
    private final Map<String, CountingSink> sinks = new LinkedHashMap<>();
    private ScriptedSource source;
    private FlakyCheckpoints checkpoints;
    private MemoryBuffer memory;
    private boolean durable;
    private boolean ahead;
    private boolean mayLose;
    private boolean lost;
    private boolean begun;
    private Optional<PhilotesException> end;
    private Lsn turned;
    private ManualPipeline pipeline;

    @Property(tries = 500)
    void a_source_that_lost_something_is_never_followed_in_silence_nor_one_that_did_not_refused(@ForAll long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        source = new ScriptedSource().onTimeline(1);
        source.create(ScriptedSource.OTHER);
        source.partSize(1 + random.nextInt(8));
        checkpoints = new FlakyCheckpoints();
        sinks.clear();
        sinks.put("sink", new CountingSink());
        if (random.nextBoolean()) {
            sinks.put("replica", new CountingSink());
        }
        durable = random.nextInt(3) > 0;
        ahead = random.nextBoolean();
        memory = newMemory();
        mayLose = random.nextBoolean();
        lost = false;
        turned = Lsn.ZERO;
        source.commit(random.nextInt(5));
        startProcess();
        for (int i = 0; i < 300 && end.isEmpty(); i++) {
            step(random);
            requireRightEnd();
        }
        if (end.isPresent()) {
            startProcess();
        }
        drain();
    }

    private MemoryBuffer newMemory() {
        return ahead ? AheadBuffers.memory(100_000) : MemoryBuffer.bounded(100_000);
    }

    private void startProcess() throws InterruptedException {
        source.disconnect();
        sinks.values().forEach(CountingSink::crash);
        memory = durable ? memory : newMemory();
        ChangeBuffer buffer = durable ? OutlivingBuffer.over(memory) : memory;
        PipelineSettings settings = TestSettings.simulated("sim", clock).made();
        List<SinkPart> parts = new ArrayList<>();
        sinks.forEach((name, sink) -> parts.add(new SinkPart(name, sink)));
        pipeline = new ManualPipeline(new PipelineParts(settings, source, buffer, Optional.of(checkpoints), parts));
        end = Optional.empty();
        begin();
    }

    /** A session that cannot begin now is begun again later. */
    private void begin() throws InterruptedException {
        begun = false;
        try {
            pipeline.begin();
            begun = true;
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e) == FailurePolicy.Action.FAIL) {
                end = Optional.of(e);
            }
        }
        end = end.or(pipeline::end);
    }

    private void step(Random random) throws InterruptedException {
        if (!begun) {
            begin();
        }
        switch (random.nextInt(25)) {
            case 0, 1, 2 -> commit(random);
            case 3 -> source.idleWal();
            case 4, 5, 6, 7 -> capture();
            case 8, 9, 10, 11, 12 -> apply(random.nextInt(sinks.size()));
            case 13, 14 -> pipeline.helpOnce();
            case 15 -> clock.advance(Duration.ofSeconds(6));
            case 16 -> wish(random);
            case 17 -> fault(random);
            case 18 -> sink(random).nextCommit(CountingSink.Fault.values()[random.nextInt(4)]);
            case 19 -> checkpoints.away(key(random), random.nextBoolean());
            case 20 -> checkpoints.loseNextAnswer(key(random));
            case 21 -> failOver(random);
            case 22 -> sink(random).down(random.nextBoolean());
            default -> {
                if (random.nextInt(5) == 0) {
                    startProcess();
                } else if (random.nextInt(5) == 0) {
                    begin();
                }
            }
        }
    }

    private void commit(Random random) {
        source.commit(Map.of(ScriptedSource.TABLE, random.nextInt(6), ScriptedSource.OTHER, random.nextInt(6)));
    }

    private void capture() throws InterruptedException {
        if (begun) {
            pipeline.captureOnce();
            end = end.or(pipeline::end);
        }
    }

    private void apply(int which) throws InterruptedException {
        if (begun) {
            pipeline.applyOnce(pipeline.lanes().stream().toList().get(which));
            end = end.or(pipeline::end);
        }
    }

    private void wish(Random random) {
        if (begun && random.nextInt(3) == 0) {
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

    private CountingSink sink(Random random) {
        return List.copyOf(sinks.values()).get(random.nextInt(sinks.size()));
    }

    private static String key(Random random) {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private void failOver(Random random) {
        long told = source.told().value();
        long walEnd = source.identify().walEnd().value();
        boolean loses = mayLose && told - 1 > turned.value() && random.nextInt(3) == 0;
        long left = loses
                ? told - 1 - random.nextLong(Math.min(200, told - 1 - turned.value()))
                : walEnd - random.nextLong(Math.max(0, walEnd - told) + 1);
        if (left > turned.value()) {
            lost |= loses;
            turned = new Lsn(left);
            source.failOver(turned);
        }
    }

    private void requireRightEnd() {
        end.ifPresent(failure -> {
            assertThat(failure.code()).as("%s", failure).isEqualTo(ErrorCode.SOURCE_REWOUND);
            assertThat(lost).as("something was lost: %s", failure).isTrue();
        });
    }

    /** To the end of the source, or to a loud one. */
    private void drain() throws InterruptedException {
        checkpoints.mend();
        sinks.values().forEach(sink -> {
            sink.nextCommit(CountingSink.Fault.NONE);
            sink.down(false);
        });
        source.commit(Map.of(ScriptedSource.TABLE, 3, ScriptedSource.OTHER, 3));
        for (int i = 0; i < 10; i++) {
            source.idleWal();
        }
        Lsn last = source.identify().walEnd();
        for (int i = 0; end.isEmpty() && !(begun && pipeline.hasReached(last)); i++) {
            assertThat(i).as("steps to the end").isLessThan(5_000);
            if (!begun) {
                begin();
            }
            capture();
            clock.advance(Duration.ofSeconds(20));
            for (int lane = 0; lane < sinks.size(); lane++) {
                apply(lane);
            }
            pipeline.helpOnce();
        }
        requireRightEnd();
        if (end.isEmpty()) {
            requireEqual();
        }
    }

    private void requireEqual() {
        for (Lane lane : pipeline.lanes()) {
            for (RelationSchema table : TABLES) {
                TableProgress progress = lane.board().progress(table.table());
                if (progress.state() == TableState.NEEDS_RESYNC) {
                    requireOutOfPublication(progress);
                } else {
                    assertThat(sinks.get(lane.name().sink()).committed(table))
                            .as("%s, %s", lane.name(), table.table())
                            .isEqualTo(source.rows(table));
                }
            }
        }
    }

    /** A copy that was begun, and could not be stored as begun before the process died, may leave its table so. */
    private static void requireOutOfPublication(TableProgress progress) {
        assertThat(progress.reason()).contains("out of the publication");
    }
}
