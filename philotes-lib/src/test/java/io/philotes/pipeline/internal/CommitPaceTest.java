// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How often is committed when a commit takes longer than the interval. */
class CommitPaceTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration ROUND = Duration.ofSeconds(60);

    private final SettableClock clock = new SettableClock();
    private final CountingSink sink = new CountingSink();
    private final ScriptedSource source = new ScriptedSource();

    @Test
    void after_a_long_round_changes_are_gathered_for_as_long() throws Exception {
        ManualPipeline pipeline = begin();
        change(pipeline);
        clock.advance(INTERVAL);
        pipeline.applyOnce();
        assertThat(sink.committed()).hasSize(1);

        change(pipeline);
        clock.advance(ROUND.dividedBy(2));
        pipeline.applyOnce();
        assertThat(sink.committed()).as("half a round later").hasSize(1);
        change(pipeline);
        clock.advance(ROUND.dividedBy(2));
        pipeline.applyOnce();
        assertThat(sink.committed()).as("a round later").hasSize(3);
    }

    @Test
    void the_interval_counts_from_the_beginning_of_a_round() {
        Instant began = clock.instant();
        CommitPace pace = new CommitPace(INTERVAL, began);
        pace.committed(began, began.plusSeconds(1));
        assertThat(pace.isDue(began.plusSeconds(9), 0)).isFalse();
        assertThat(pace.untilDue(began.plusSeconds(9), INTERVAL)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pace.untilDue(began.plusSeconds(9), Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(100));
        assertThat(pace.isDue(began.plusSeconds(10), 0)).isTrue();
        assertThat(pace.untilDue(began.plusSeconds(11), INTERVAL)).isPositive().isLessThan(INTERVAL);
    }

    @Test
    void far_behind_the_source_rounds_take_a_tenth_of_the_time() {
        Instant began = clock.instant();
        CommitPace pace = new CommitPace(INTERVAL, began);
        pace.committed(began, began.plusSeconds(3));
        assertThat(pace.isDue(began.plusSeconds(10), 0)).isTrue();
        assertThat(pace.isDue(began.plusSeconds(29), 1L << 30)).isFalse();
        assertThat(pace.isDue(began.plusSeconds(30), 1L << 30)).isTrue();
    }

    @Test
    void however_long_a_round_takes_and_however_far_behind_nothing_is_gathered_for_more_than_that_and_half_a_minute() {
        Instant began = clock.instant();
        CommitPace pace = new CommitPace(INTERVAL, began);
        pace.committed(began, began.plusSeconds(20));
        assertThat(pace.isDue(began.plusSeconds(49), 1L << 30)).isFalse();
        assertThat(pace.isDue(began.plusSeconds(50), 1L << 30)).isTrue();
        pace.committed(began, began.plus(ROUND));
        assertThat(pace.isDue(began.plus(ROUND).plus(ROUND), 1L << 30)).isTrue();
    }

    @Test
    void a_clock_that_is_set_back_by_hours_delays_no_round_by_hours() throws Exception {
        ManualPipeline pipeline = begin();
        change(pipeline);
        clock.advance(INTERVAL);
        pipeline.applyOnce();
        assertThat(sink.committed()).hasSize(1);

        change(pipeline);
        clock.advance(Duration.ofHours(-1));
        pipeline.applyOnce();
        assertThat(sink.committed()).hasSize(2);

        change(pipeline);
        pipeline.applyOnce();
        assertThat(sink.committed()).as("the pace holds by the new time").hasSize(2);
        clock.advance(ROUND);
        change(pipeline);
        pipeline.applyOnce();
        assertThat(sink.committed()).hasSize(4);
    }

    @Test
    void a_clock_that_is_set_back_in_a_round_delays_the_next_by_no_more_than_its_pace() {
        Instant began = clock.instant();
        Instant ended = began.minus(Duration.ofHours(1));
        CommitPace pace = new CommitPace(INTERVAL, began);
        pace.committed(began, ended);
        assertThat(pace.isDue(ended, 1L << 30)).isTrue();
        assertThat(pace.untilDue(ended, INTERVAL)).isPositive().isLessThan(INTERVAL);
        pace.committed(ended, ended.plusSeconds(1));
        assertThat(pace.isDue(ended.plusSeconds(9), 0)).isFalse();
        assertThat(pace.isDue(ended.plusSeconds(10), 0)).isTrue();
    }

    @Test
    void a_clock_that_is_set_forward_in_a_round_delays_the_next_by_minutes_at_most() {
        Instant began = clock.instant();
        Instant ended = began.plus(Duration.ofDays(20_000));
        CommitPace pace = new CommitPace(INTERVAL, began);
        pace.committed(began, ended);
        assertThat(pace.isDue(ended.plus(Duration.ofMinutes(10)), 1L << 30)).isTrue();
    }

    @Test
    void a_clock_that_is_set_back_by_little_delays_a_round_by_no_more_than_the_pace_allows() {
        Instant began = clock.instant();
        CommitPace pace = new CommitPace(INTERVAL, began);
        pace.committed(began, began.plusSeconds(1));
        Instant longBefore = began.minusSeconds(1 + 30);
        assertThat(pace.isDue(longBefore, 0)).isFalse();
        assertThat(pace.isDue(longBefore.minusMillis(1), 0)).isTrue();
    }

    @Test
    void however_long_rounds_take_none_is_taken_for_a_step_of_the_clock() {
        for (Duration interval : List.of(Duration.ofMillis(10), INTERVAL, Duration.ofDays(1))) {
            for (Duration took : List.of(Duration.ZERO, Duration.ofMillis(1), ROUND, Duration.ofDays(2))) {
                Instant began = clock.instant();
                Instant ended = began.plus(took);
                CommitPace pace = new CommitPace(interval, began);
                pace.committed(began, ended);
                assertThat(pace.isDue(ended, 0))
                        .as("every %s, took %s", interval, took)
                        .isFalse();
                assertThat(pace.isDue(ended.plus(interval).plus(took), 0)).isTrue();
            }
        }
    }

    private void change(ManualPipeline pipeline) throws InterruptedException {
        source.commit(1);
        pipeline.captureOnce();
    }

    private ManualPipeline begin() throws InterruptedException {
        PipelineListener slowRounds = new PipelineListener() {
            @Override
            public void committed(String pipeline, Lsn upTo, long rows) {
                clock.advance(ROUND);
            }
        };
        PipelineSettings settings = TestSettings.simulated("pace", clock)
                .commitInterval(INTERVAL)
                .commitMaxBytes(1 << 20)
                .listeners(slowRounds)
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
