// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of a lag, to people and to alarms. */
class StatusViewTest {

    private static final Lsn END = Lsn.parse("5A3/10000400");

    private final SettableClock clock = new SettableClock();
    private final PipelineParts parts = new PipelineParts(
            TestSettings.of("lag").clock(clock).made(),
            new ScriptedSource(),
            MemoryBuffer.bounded(1 << 20),
            Optional.of(new HeldCheckpoints()),
            List.of(new SinkPart("sink", new CountingSink())),
            RowHandling.DEFAULT);
    private final RunState run = RunState.of(parts);
    private final StatusView view = new StatusView(parts, run);

    @BeforeEach
    void start() {
        run.lifecycle().moveTo(PipelineState.STARTING);
        run.progress().walEnd(END);
    }

    private LaneProgress progress() {
        return run.lanes().iterator().next().progress();
    }

    private void assertLag(long bytes, Duration time) {
        PipelineStatus status = view.status();
        assertThat(status.lagBytes()).isEqualTo(bytes);
        assertThat(status.lagTime()).isEqualTo(time);
        assertThat(status.sinks().get(0).lagBytes()).isEqualTo(bytes);
        assertThat(status.sinks().get(0).lagTime()).isEqualTo(time);
    }

    @Test
    void a_place_of_which_nothing_is_known_yet_is_no_lag() {
        assertLag(0, Duration.ZERO);
        run.lifecycle().moveTo(PipelineState.STANDBY);
        assertLag(0, Duration.ZERO);
    }

    @Test
    void what_an_instance_had_says_nothing_of_a_lag_while_another_one_goes_on() {
        progress().covered(Lsn.parse("5A3/10000000"));
        progress().oldestUncommitted(clock.millis() * 1_000);
        run.lifecycle().moveTo(PipelineState.RUNNING);
        clock.advance(Duration.ofMinutes(20));
        assertLag(0x400, Duration.ofMinutes(20));
        run.lifecycle().moveTo(PipelineState.STANDBY);
        assertLag(0, Duration.ZERO);
    }

    @Test
    void work_that_waits_without_any_movement_is_stalled_until_something_moves() {
        run.lifecycle().moveTo(PipelineState.RUNNING);
        run.progress().received(END, 1);
        clock.advance(Duration.ofSeconds(60));
        assertThat(view.status().stalled()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(view.status().stalled()).isTrue();
        progress().moved();
        assertThat(view.status().stalled()).isFalse();
    }
}
