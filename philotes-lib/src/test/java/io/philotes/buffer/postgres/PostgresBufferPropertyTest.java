// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferModel;
import io.philotes.buffer.BufferReader;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.BatchFixtures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The buffer against the model, on a database whose connections break at any statement and whose tables others hold. */
class PostgresBufferPropertyTest {

    private static final AtomicInteger PIPELINES = new AtomicInteger();

    private static TestPostgres postgres;

    @BeforeContainer
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterContainer
    static void stop() {
        postgres.close();
    }

    private static PostgresBuffer buffer(FaultySource source, Random sizes) {
        long segmentBytes = 4_096 + sizes.nextInt(20_000);
        PostgresBufferBuilder builder = PostgresBuffer.builder(source.source())
                .segmentBytes(segmentBytes)
                .limitBytes(segmentBytes * (4 + sizes.nextInt(20)))
                .chunkBytes(500 + sizes.nextInt(5_000))
                .recentBytes(sizes.nextInt(3) * 10_000L);
        return (sizes.nextBoolean() ? builder.plain() : builder.chunkBytes(20 + sizes.nextInt(200))).build();
    }

    private static FaultySource source() {
        return new FaultySource(TestDataSource.of(postgres, "postgres"));
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void behaves_like_the_model_over_restarts(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        FaultySource source = source();
        String pipeline = "model " + PIPELINES.incrementAndGet();
        PostgresBuffer buffer = buffer(source, random);
        buffer.open(pipeline);
        BufferModel model = new BufferModel(random, buffer);
        for (int i = 0; i < 150; i++) {
            model.step();
            if (random.nextInt(40) == 0) {
                buffer.close();
                buffer = buffer(source, random);
                buffer.open(pipeline);
                model.restarted(buffer);
            }
        }
        model.closeReader();
        buffer.close();
    }

    /** Which tables stay behind is left to chance, and so is whether they are small for the buffer that finds them. */
    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void tables_that_somebody_holds_over_restarts_change_nothing_for_readers(@ForAll long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        FaultySource source = source();
        AtomicInteger held = new AtomicInteger();
        source.locked(sql -> sql.startsWith("DROP TABLE") && Math.floorMod(sql.hashCode(), 3) == held.get());
        String pipeline = "held " + PIPELINES.incrementAndGet();
        List<ChangeBatch> appended = new ArrayList<>();
        for (int restart = 0; restart < 30; restart++) {
            held.set(random.nextInt(4));
            try (PostgresBuffer buffer = buffer(source, random)) {
                buffer.open(pipeline);
                requireWhatFollows(buffer.trimmedUpTo(), appended, buffer);
                appendSome(random, appended, buffer);
                Lsn place = new Lsn(buffer.appendedUpTo().value() - 10 * random.nextInt(2));
                for (int rounds = random.nextInt(6); rounds > 0; rounds--) {
                    buffer.trim(place);
                }
                requireWhatFollows(buffer.trimmedUpTo(), appended, buffer);
            }
        }
    }

    private static void appendSome(Random random, List<ChangeBatch> appended, PostgresBuffer buffer)
            throws InterruptedException {
        for (int more = 2 + random.nextInt(5); more > 0; more--) {
            long end = buffer.appendedUpTo().value() + 10;
            ChangeBatch batch = BatchFixtures.whole(end, 1, random.nextInt(10_000));
            // Where it is full of what is held, this is as good as a batch that did not come.
            if (buffer.append(batch, Duration.ZERO)) {
                appended.add(batch);
            }
        }
    }

    private static void requireWhatFollows(Lsn place, List<ChangeBatch> appended, PostgresBuffer buffer)
            throws InterruptedException {
        List<String> read = new ArrayList<>();
        try (BufferReader reader = buffer.reader("all", place)) {
            for (ChangeBatch batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                read.add(BatchFixtures.describe(batch));
            }
        }
        assertThat(read)
                .isEqualTo(appended.stream()
                        .filter(batch -> batch.endLsn().isAfter(place))
                        .map(BatchFixtures::describe)
                        .toList());
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void loses_and_repeats_nothing_when_connections_break_at_any_statement(@ForAll long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        FaultySource source = source();
        String pipeline = "model " + PIPELINES.incrementAndGet();
        PostgresBuffer buffer = buffer(source, random);
        buffer.open(pipeline);
        BufferModel model = new BufferModel(random, buffer);
        for (int round = 0; round < 12; round++) {
            source.breakAt(random.nextInt(40), FaultySource.Fault.values()[random.nextInt(2)]);
            try {
                for (int i = 0; i < 25; i++) {
                    model.step();
                }
            } catch (PhilotesException e) {
                requireUnreachable(e);
            }
            if (random.nextInt(4) == 0) {
                // The process dies with what it knew.
                buffer.close();
                buffer = buffer(source, random);
                opened(buffer, source, random, pipeline);
            } else {
                revived(buffer, source, random);
            }
            source.noFault();
            model.restarted(buffer);
        }
        model.closeReader();
        buffer.close();
    }

    /** Connections may break again while the buffer is found again. */
    private static void revived(PostgresBuffer buffer, FaultySource source, Random random) {
        while (true) {
            source.breakAt(random.nextInt(20), FaultySource.Fault.values()[random.nextInt(2)]);
            try {
                buffer.discardIncomplete();
                return;
            } catch (PhilotesException e) {
                requireUnreachable(e);
            }
        }
    }

    private static void opened(PostgresBuffer buffer, FaultySource source, Random random, String pipeline) {
        while (true) {
            source.breakAt(random.nextInt(20), FaultySource.Fault.values()[random.nextInt(2)]);
            try {
                buffer.open(pipeline);
                return;
            } catch (PhilotesException e) {
                requireUnreachable(e);
            }
        }
    }

    private static void requireUnreachable(PhilotesException e) {
        if (e.code() != ErrorCode.STATE_UNREACHABLE) {
            throw e;
        }
    }
}
