// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How often a sink may look after its tables while the pipeline catches up. */
class TendPaceTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** When the source's first changes are committed. */
    private static final Instant FRESH = Instant.ofEpochSecond(1_700_000_000L);

    private final CountingSink sink = new CountingSink();
    private final ScriptedSource source = new ScriptedSource();

    @Test
    void what_is_fresh_is_no_reason_to_wait() throws Exception {
        SettableClock clock = new SettableClock(FRESH.minusSeconds(5));
        ManualPipeline pipeline = begin(clock);
        int before = sink.tended();
        commitOne(pipeline, clock);
        assertThat(sink.tended()).isGreaterThan(before);
    }

    @Test
    void while_old_changes_come_tables_are_looked_after_once_a_minute() throws Exception {
        SettableClock clock = new SettableClock(FRESH.plus(Duration.ofHours(1)));
        ManualPipeline pipeline = begin(clock);
        int before = sink.tended();
        for (int i = 1; i <= 5; i++) {
            commitOne(pipeline, clock);
            assertThat(sink.committed()).hasSize(i);
        }
        assertThat(sink.tended()).isEqualTo(before);
        commitOne(pipeline, clock);
        assertThat(sink.tended()).isEqualTo(before + 1);
        commitOne(pipeline, clock);
        assertThat(sink.tended()).as("behind it the minute begins anew").isEqualTo(before + 1);
    }

    @Test
    void who_has_caught_up_with_old_changes_does_not_wait() throws Exception {
        SettableClock clock = new SettableClock(FRESH.plus(Duration.ofHours(1)));
        ManualPipeline pipeline = begin(clock);
        int before = sink.tended();
        commitOne(pipeline, clock);
        assertThat(sink.tended()).isEqualTo(before);
        pipeline.applyOnce();
        assertThat(sink.tended()).isEqualTo(before + 1);
    }

    /** One change, and its round. */
    private void commitOne(ManualPipeline pipeline, SettableClock clock) throws InterruptedException {
        source.commit(1);
        pipeline.captureOnce();
        clock.advance(INTERVAL);
        pipeline.applyOnce();
    }

    private ManualPipeline begin(SettableClock clock) throws InterruptedException {
        PipelineSettings settings = TestSettings.simulated("pace", clock)
                .commitInterval(INTERVAL)
                .commitMaxBytes(1 << 20)
                .made();
        ManualPipeline pipeline = new ManualPipeline(new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(new HeldCheckpoints()),
                List.of(new SinkPart("sink", sink))));
        pipeline.begin();
        return pipeline;
    }
}
