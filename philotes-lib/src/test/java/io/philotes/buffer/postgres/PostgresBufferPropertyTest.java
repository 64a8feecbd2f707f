// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.BufferModel;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The buffer against the model, on a database whose connections break at any statement. */
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
