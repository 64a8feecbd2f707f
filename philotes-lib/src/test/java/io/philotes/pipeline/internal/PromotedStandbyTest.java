// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.source.TableCopy;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A standby takes the primary's place, and the process begins anew. Whatever of the lost timeline is held anywhere (in a buffer
 * that outlives the process, in a table that is ahead of its checkpoint) is found; what was taken from the new one is not taken
 * for it.
 */
class PromotedStandbyTest {

    private static final TableId NUMBERS = ScriptedSource.TABLE.table();

    private final SettableClock clock = new SettableClock();
    private ScriptedSource source = new ScriptedSource().onTimeline(1);
    private final FlakyCheckpoints checkpoints = new FlakyCheckpoints();
    private final ChangeBuffer durable = OutlivingBuffer.over(MemoryBuffer.bounded(100_000));
    private final Map<String, CountingSink> sinks = new TreeMap<>(Map.of("sink", new CountingSink()));
    private ChangeBuffer buffer = durable;
    private boolean survives = true;

    @BeforeEach
    void fillTheTable() {
        source.commit(3);
    }

    /** Everything that it holds dies with a process. */
    private void withBufferInMemory() {
        survives = false;
    }

    private ManualPipeline begin() throws InterruptedException {
        source.disconnect();
        sinks.values().forEach(CountingSink::crash);
        buffer = survives ? durable : MemoryBuffer.bounded(100_000);
        PipelineSettings settings = TestSettings.simulated("shop", clock).made();
        List<SinkPart> parts = new ArrayList<>();
        sinks.forEach((name, sink) -> parts.add(new SinkPart(name, sink)));
        ManualPipeline pipeline =
                new ManualPipeline(new PipelineParts(settings, source, buffer, Optional.of(checkpoints), parts));
        pipeline.begin();
        return pipeline;
    }

    private static void capture(ManualPipeline pipeline) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            pipeline.captureOnce();
        }
    }

    private void apply(ManualPipeline pipeline) throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(20));
            pipeline.helpOnce();
            for (Lane lane : pipeline.lanes()) {
                pipeline.applyOnce(lane);
            }
        }
    }

    /** A pipeline whose sinks have everything. */
    private ManualPipeline caughtUp() throws InterruptedException {
        ManualPipeline pipeline = begin();
        source.commit(2);
        capture(pipeline);
        apply(pipeline);
        requireEqual();
        return pipeline;
    }

    private void requireEqual() {
        sinks.forEach(
                (name, sink) -> assertThat(sink.committed()).as(name).isEqualTo(source.rows(ScriptedSource.TABLE)));
    }

    /** The standby has all that anybody was told. */
    private void switchOver() {
        source.failOver(source.told());
        source.commit(4);
    }

    /** The standby lacks the end of what somebody was told, and its WAL has grown beyond that. */
    private void failOverBefore(Lsn upTo) {
        source.failOver(new Lsn(upTo.value() - 1));
        for (int i = 0; i < 5; i++) {
            source.commit(1);
        }
    }

    private void requireRewound() {
        for (int start = 1; start <= 2; start++) {
            assertThatThrownBy(this::begin)
                    .as("start %d", start)
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_REWOUND));
        }
    }

    /** Begins a new process, which must go on. */
    private void requireGoingOn() throws InterruptedException {
        ManualPipeline next = begin();
        source.commit(2);
        capture(next);
        apply(next);
        assertThat(next.end()).isEmpty();
        requireEqual();
    }

    @Test
    void what_waits_in_a_buffer_that_outlives_the_process_is_compared_with_the_stored_timeline() throws Exception {
        ManualPipeline pipeline = caughtUp();
        source.commit(3);
        capture(pipeline);

        failOverBefore(source.told());

        requireRewound();
    }

    @Test
    void a_process_that_went_along_and_died_before_a_commit_goes_on() throws Exception {
        ManualPipeline pipeline = caughtUp();
        source.commit(3);
        capture(pipeline);
        switchOver();
        capture(pipeline);
        assertThat(buffer.appendedUpTo()).isEqualTo(source.told());

        requireGoingOn();
    }

    @Test
    void nothing_of_a_new_timeline_is_taken_before_a_checkpoint_says_so() throws Exception {
        ManualPipeline pipeline = caughtUp();
        Lsn before = buffer.appendedUpTo();
        checkpoints.away("shop", true);
        switchOver();
        capture(pipeline);
        assertThat(buffer.appendedUpTo()).isEqualTo(before);
        assertThat(pipeline.end()).isEmpty();

        checkpoints.mend();
        capture(pipeline);
        assertThat(buffer.appendedUpTo()).isGreaterThan(before);
        requireGoingOn();
    }

    @Test
    void a_buffer_that_dies_with_the_process_waits_for_no_checkpoint() throws Exception {
        withBufferInMemory();
        ManualPipeline pipeline = caughtUp();
        Lsn before = buffer.appendedUpTo();
        checkpoints.away("shop", true);
        switchOver();
        capture(pipeline);
        assertThat(buffer.appendedUpTo()).isGreaterThan(before);
        apply(pipeline);

        checkpoints.mend();
        requireGoingOn();
    }

    @Test
    void a_table_that_is_ahead_of_its_checkpoint_is_compared_too_and_the_stored_timeline_stays() throws Exception {
        withBufferInMemory();
        ManualPipeline pipeline = caughtUp();
        source.commit(3);
        capture(pipeline);
        sinks.get("sink").nextCommit(CountingSink.Fault.FAIL_AFTER_WRITE);
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce()).isFalse();

        failOverBefore(source.told());

        requireRewound();
    }

    @Test
    void a_table_that_is_ahead_of_its_checkpoint_and_of_the_server_is_found_too() throws Exception {
        withBufferInMemory();
        ManualPipeline pipeline = caughtUp();
        source.commit(3);
        capture(pipeline);
        sinks.get("sink").nextCommit(CountingSink.Fault.FAIL_AFTER_WRITE);
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce()).isFalse();

        source.putBack(new Lsn(source.told().value() - 1));

        requireRewound();
    }

    @Test
    void a_table_whose_commit_from_the_new_timeline_got_no_answer_goes_on() throws Exception {
        withBufferInMemory();
        ManualPipeline pipeline = caughtUp();
        switchOver();
        capture(pipeline);
        sinks.get("sink").nextCommit(CountingSink.Fault.FAIL_AFTER_WRITE);
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce()).isFalse();

        requireGoingOn();
    }

    @Test
    void the_first_load_is_compared_though_nothing_is_covered_yet() throws Exception {
        begin();

        failOverBefore(source.told());

        requireRewound();
    }

    @Test
    void a_first_load_from_a_server_that_has_just_been_promoted_is_no_other_past() throws Exception {
        source = new ScriptedSource() {
            @Override
            public TableCopy createSlot(Set<TableId> wanted) {
                failOver(identify().walEnd());
                commit(4);
                return super.createSlot(wanted);
            }
        }.onTimeline(1);
        source.commit(3);
        ManualPipeline pipeline = begin();
        source.commit(2);
        capture(pipeline);
        apply(pipeline);
        assertThat(pipeline.end()).isEmpty();
        requireEqual();
        requireGoingOn();
    }

    @Test
    void a_table_that_was_copied_ahead_of_the_others_is_compared_by_the_next_process() throws Exception {
        copiedAhead();

        failOverBefore(source.told());

        requireRewound();
    }

    @Test
    void a_table_that_was_copied_ahead_of_the_others_is_compared_when_the_stream_is_opened_anew() throws Exception {
        ManualPipeline pipeline = copiedAhead();

        failOverBefore(source.told());
        capture(pipeline);

        assertThat(pipeline.end().orElseThrow().code()).isEqualTo(ErrorCode.SOURCE_REWOUND);
        requireRewound();
    }

    private ManualPipeline copiedAhead() throws InterruptedException {
        ManualPipeline pipeline = caughtUp();
        source.commit(3);
        pipeline.resync(NUMBERS);
        apply(pipeline);
        requireEqual();
        assertThat(source.told()).isGreaterThan(buffer.appendedUpTo());
        return pipeline;
    }

    @Test
    void a_copy_of_the_promoted_server_joins_when_the_stream_comes_from_it() throws Exception {
        ManualPipeline pipeline = caughtUp();
        switchOver();
        pipeline.resync(NUMBERS);
        apply(pipeline);
        assertThat(state(pipeline)).isEqualTo(TableState.COPYING);

        capture(pipeline);
        apply(pipeline);

        assertThat(state(pipeline)).isEqualTo(TableState.STREAMING);
        requireEqual();
        requireGoingOn();
    }

    @Test
    void a_copy_of_a_server_whose_end_is_lost_does_not_join() throws Exception {
        ManualPipeline pipeline = caughtUp();
        source.commit(3);
        pipeline.resync(NUMBERS);
        for (int i = 0; i < 3; i++) {
            pipeline.applyOnce();
            assertThat(pipeline.helpOnce()).isTrue();
        }
        assertThat(pipeline.helpOnce()).as("it is read").isFalse();

        failOverBefore(source.told());
        capture(pipeline);
        pipeline.applyOnce();
        assertThat(state(pipeline)).isEqualTo(TableState.COPYING);

        apply(pipeline);
        assertThat(pipeline.end()).isEmpty();
        requireEqual();
        requireGoingOn();
    }

    private static TableState state(ManualPipeline pipeline) {
        return pipeline.board().progress(NUMBERS).state();
    }

    @Test
    void a_sink_whose_checkpoint_is_away_when_the_others_go_along_goes_on_too() throws Exception {
        sinks.put("replica", new CountingSink());
        ManualPipeline pipeline = caughtUpWithReplica();
        checkpoints.away("shop.replica", true);
        switchOver();
        capture(pipeline);
        assertThat(buffer.appendedUpTo()).isEqualTo(source.told());

        checkpoints.mend();
        requireGoingOn();
    }

    @Test
    void while_the_checkpoint_that_may_know_more_cannot_be_read_nothing_is_decided() throws Exception {
        sinks.put("replica", new CountingSink());
        ManualPipeline pipeline = caughtUpWithReplica();
        checkpoints.away("shop.replica", true);
        switchOver();
        capture(pipeline);

        checkpoints.mend();
        checkpoints.away("shop", true);
        assertThatThrownBy(this::begin)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_FAILED));

        checkpoints.mend();
        requireGoingOn();
    }

    /** Its tables come beside the stream. */
    private ManualPipeline caughtUpWithReplica() throws InterruptedException {
        ManualPipeline pipeline = begin();
        source.commit(2);
        for (int i = 0; i < 3; i++) {
            capture(pipeline);
            apply(pipeline);
        }
        requireEqual();
        return pipeline;
    }

    @Test
    void a_sink_that_nobody_could_ask_yet_is_compared_with_what_it_knew_when_it_is_back() throws Exception {
        withBufferInMemory();
        CountingSink replica = new CountingSink();
        sinks.put("replica", replica);
        ManualPipeline pipeline = caughtUpWithReplica();
        source.commit(3);
        capture(pipeline);
        replica.nextCommit(CountingSink.Fault.FAIL_AFTER_WRITE);
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce(pipeline.lanes().named("replica").orElseThrow()))
                .isFalse();
        failOverBefore(source.told());

        survives = true;
        replica.down(true);
        ManualPipeline next = begin();
        capture(next);
        apply(next);
        assertThat(next.end()).isEmpty();

        replica.down(false);
        assertThat(next.applyOnce(next.lanes().named("replica").orElseThrow())).isFalse();
        assertThat(next.end().orElseThrow().code()).isEqualTo(ErrorCode.SOURCE_REWOUND);
    }

    @Test
    void a_sink_that_is_new_when_the_process_begins_again_asks_for_nothing() throws Exception {
        ManualPipeline pipeline = caughtUp();
        source.commit(3);
        capture(pipeline);
        switchOver();
        capture(pipeline);

        sinks.put("replica", new CountingSink());
        ManualPipeline next = begin();
        for (int i = 0; i < 3; i++) {
            capture(next);
            apply(next);
        }
        assertThat(next.end()).isEmpty();
        requireEqual();
    }

    @Test
    void what_is_in_a_buffer_that_no_table_needs_stops_nobody() throws Exception {
        ManualPipeline pipeline = caughtUp();
        pipeline.resync(NUMBERS);
        pipeline.applyOnce();
        assertThat(state(pipeline)).isEqualTo(TableState.COPYING);
        source.commit(3);
        capture(pipeline);

        failOverBefore(source.told());

        ManualPipeline next = begin();
        capture(next);
        apply(next);
        assertThat(next.end()).isEmpty();
        requireEqual();
    }

    @Test
    void another_buffer_in_the_place_of_the_one_that_held_more_stops_nobody() throws Exception {
        ManualPipeline pipeline = caughtUp();
        switchOver();
        capture(pipeline);
        apply(pipeline);

        withBufferInMemory();
        requireGoingOn();
    }
}
