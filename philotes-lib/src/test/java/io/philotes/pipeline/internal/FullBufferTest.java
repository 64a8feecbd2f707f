// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.source.ChangeStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A buffer that is full does not wait for a commit that is due in a day. */
class FullBufferTest {

    private static final long LIMIT = 100_000;

    private static final int LITTLE = 1;
    private static final int LESS_THAN_HALF = 1000;
    private static final int MORE_THAN_THE_REST = 8000;

    @Test
    void a_change_that_finds_no_room_beside_less_than_half_a_buffer_does_not_wait_for_the_interval() {
        ScriptedSource source = new ScriptedSource() {
            @Override
            public ChangeStream open(Lsn from) {
                // The first is committed at once.
                commit(LITTLE);
                commit(LESS_THAN_HALF);
                commit(MORE_THAN_THE_REST);
                return super.open(from);
            }
        };
        CountingSink sink = new CountingSink();
        try (Pipeline pipeline = RunningPipeline.start(parts(source, sink))) {
            int all = LITTLE + LESS_THAN_HALF + MORE_THAN_THE_REST;
            await().until(() -> pipeline.status().changesReceived() == all
                    && pipeline.status()
                            .positions()
                            .covered()
                            .equals(pipeline.status().positions().received()));
        }
        assertThat(sink.committed()).hasSize(LITTLE + LESS_THAN_HALF + MORE_THAN_THE_REST);
    }

    private static PipelineParts parts(ScriptedSource source, CountingSink sink) {
        PipelineSettings settings = new PipelineSettings(
                "full",
                Duration.ofDays(1),
                1 << 30,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                1,
                ResyncPolicy.MANUAL,
                new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMinutes(5)),
                1 << 20,
                Clock.systemUTC(),
                PipelineMetrics.NONE,
                List.of());
        return new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(LIMIT),
                Optional.of(new HeldCheckpoints()),
                List.of(new SinkPart("sink", sink)));
    }
}
