// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of one table that is copied, or cannot be, while the other goes on. Single-threaded. */
class BackgroundCopyTest {

    private static final TableId NUMBERS = ScriptedSource.TABLE.table();
    private static final TableId OTHERS = ScriptedSource.OTHER.table();

    private final SettableClock clock = new SettableClock();
    private final ScriptedSource source = new ScriptedSource();
    private final CountingSink sink = new CountingSink();
    private final HeldCheckpoints checkpoints = new HeldCheckpoints();
    private ResyncPolicy policy = ResyncPolicy.MANUAL;
    private ManualPipeline pipeline;

    @BeforeEach
    void two_tables_stream() throws InterruptedException {
        source.create(ScriptedSource.OTHER);
        commit(3);
        start();
        catchUp();
    }

    private void start() throws InterruptedException {
        source.disconnect();
        sink.crash();
        PipelineSettings settings = TestSettings.of("copies")
                .commitInterval(Duration.ofSeconds(10))
                .resync(policy)
                .retry(new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMinutes(10)))
                .clock(clock)
                .made();
        pipeline = new ManualPipeline(new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(checkpoints),
                List.of(new SinkPart("sink", sink))));
        pipeline.begin();
    }

    private void commit(int rows) {
        source.commit(Map.of(ScriptedSource.TABLE, rows, ScriptedSource.OTHER, rows));
    }

    /** One round of everything but helper threads and looks. */
    private void step() throws InterruptedException {
        pipeline.captureOnce();
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce()).isTrue();
    }

    private void catchUp() throws InterruptedException {
        Lsn end = source.identify().walEnd();
        for (int i = 0; !pipeline.hasReached(end); i++) {
            assertThat(i).as("steps to the end").isLessThan(100);
            pipeline.helpOnce();
            step();
        }
    }

    private TableState state(TableId table) {
        return pipeline.board().progress(table).state();
    }

    private String reason(TableId table) {
        return pipeline.board().progress(table).reason();
    }

    private void assertWhole(RelationSchema table) {
        assertThat(sink.committed(table))
                .isEqualTo(IntStream.range(0, source.numbers(table)).boxed().toList());
    }

    @Test
    void readers_see_the_old_content_until_the_new_one_is_whole_and_the_other_table_goes_on() throws Exception {
        pipeline.resync(OTHERS);
        commit(2);
        step();
        step();
        assertThat(state(OTHERS)).isEqualTo(TableState.COPYING);
        assertThat(sink.committed(ScriptedSource.TABLE)).hasSize(5);
        assertThat(sink.committed(ScriptedSource.OTHER)).hasSize(3);
        commit(2);
        catchUp();
        assertWhole(ScriptedSource.TABLE);
        assertWhole(ScriptedSource.OTHER);
    }

    @Test
    void what_follows_a_copys_consistent_point_is_neither_trimmed_nor_acknowledged() throws Exception {
        pipeline.resync(OTHERS);
        step();
        pipeline.helpOnce();
        step();
        pipeline.helpOnce();
        Lsn point = source.identify().walEnd();
        for (int i = 0; i < 5; i++) {
            commit(2);
            step();
        }
        assertThat(sink.committed(ScriptedSource.TABLE)).hasSize(13);
        assertThat(source.confirmed()).isLessThanOrEqualTo(point);
        catchUp();
        assertWhole(ScriptedSource.OTHER);
        step();
        assertThat(source.confirmed()).isEqualTo(source.identify().walEnd());
    }

    @Test
    void a_session_that_ends_in_the_middle_leaves_the_old_content_and_copies_again() throws Exception {
        pipeline.resync(OTHERS);
        commit(2);
        step();
        pipeline.helpOnce();
        step();
        start();
        assertThat(state(OTHERS)).isEqualTo(TableState.COPYING);
        assertThat(sink.committed(ScriptedSource.OTHER)).hasSize(3);
        catchUp();
        assertWhole(ScriptedSource.OTHER);
        assertWhole(ScriptedSource.TABLE);
    }

    @Test
    void a_row_that_no_copy_can_write_puts_its_table_aside_and_no_other() throws Exception {
        sink.refuseInCopies(2);
        pipeline.resync(OTHERS);
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(reason(OTHERS)).contains("PHI-5001");
        commit(2);
        catchUp();
        assertWhole(ScriptedSource.TABLE);
        assertThat(sink.committed(ScriptedSource.OTHER)).hasSize(3);

        sink.refuseInCopies(-1);
        pipeline.resync(OTHERS);
        catchUp();
        assertWhole(ScriptedSource.OTHER);
    }

    @Test
    void a_failure_that_lasts_too_long_puts_the_table_aside() throws Exception {
        pipeline.resync(OTHERS);
        for (int i = 0; state(OTHERS) != TableState.NEEDS_RESYNC; i++) {
            assertThat(i).isLessThan(1000);
            source.failNextRead();
            pipeline.helpOnce();
            step();
        }
        assertThat(reason(OTHERS)).contains("PHI-1002").contains("tried again for");
        commit(1);
        step();
        assertWhole(ScriptedSource.TABLE);
    }

    @Test
    void a_snapshot_that_long_transactions_block_is_waited_for_and_the_status_says_so() throws Exception {
        pipeline.resync(OTHERS);
        for (int i = 0; i < 300; i++) {
            source.failNextExport();
            pipeline.helpOnce();
            step();
        }
        assertThat(state(OTHERS)).isEqualTo(TableState.COPYING);
        assertThat(reason(OTHERS)).contains("PHI-1014");
        catchUp();
        catchUp();
        assertWhole(ScriptedSource.OTHER);
        assertThat(reason(OTHERS)).isEmpty();
    }

    @Test
    void a_table_that_is_asked_for_again_is_copied_from_the_start() throws Exception {
        pipeline.resync(OTHERS);
        step();
        pipeline.helpOnce();
        step();
        pipeline.helpOnce();
        commit(4);
        pipeline.resync(OTHERS);
        catchUp();
        assertWhole(ScriptedSource.OTHER);
        assertThat(pipeline.board().statuses().get(1).copiedRows())
                .as("only the second copy was read")
                .isEqualTo(3 + 7);
    }

    @Test
    void a_copy_that_is_asked_for_again_and_again_comes_to_its_end() throws Exception {
        commit(4);
        for (int i = 0; i < 20; i++) {
            pipeline.resync(OTHERS);
            step();
            pipeline.helpOnce();
        }
        assertWhole(ScriptedSource.OTHER);
        commit(2);
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.STREAMING);
        assertWhole(ScriptedSource.OTHER);
    }

    @Test
    void a_table_that_must_not_be_published_is_refused_before_it_is() throws Exception {
        source.remove(ScriptedSource.OTHER);
        pipeline.lookOnce();
        step();
        assertThat(reason(OTHERS)).isEqualTo(TableWatch.GONE);

        source.create(ScriptedSource.OTHER);
        source.finding(Finding.error(ErrorCode.NO_IDENTITY, OTHERS.toString(), "no key", "add one"));
        pipeline.resync(OTHERS);
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(reason(OTHERS)).contains("PHI-1102").contains("add one");
        assertThat(source.isPublished(ScriptedSource.OTHER)).isFalse();

        start();
        catchUp();
        assertThat(source.isPublished(ScriptedSource.OTHER)).isFalse();
    }

    @Test
    void a_change_that_only_a_look_tells_counts_when_the_copy_may_miss_it() throws Exception {
        pipeline.resync(OTHERS);
        step();
        pipeline.helpOnce();
        step();
        pipeline.helpOnce();
        source.untold(OTHERS, "rewritten");
        pipeline.lookOnce();
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.DIVERGED);
        assertThat(reason(OTHERS)).isEqualTo("rewritten");
    }

    @Test
    void a_change_that_a_look_told_before_the_copy_is_in_it() throws Exception {
        source.untold(OTHERS, "rewritten");
        pipeline.resync(OTHERS);
        step();
        pipeline.lookOnce();
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.STREAMING);
    }

    @Test
    void what_only_a_look_tells_of_a_table_that_streams_is_stored_at_once() throws Exception {
        source.untold(NUMBERS, "rewritten");
        pipeline.lookOnce();
        step();
        assertThat(state(NUMBERS)).isEqualTo(TableState.DIVERGED);
        start();
        assertThat(state(NUMBERS)).isEqualTo(TableState.DIVERGED);
    }

    @Test
    void a_table_that_left_the_publication_while_it_was_copied_is_not_taken_for_whole() throws Exception {
        pipeline.resync(OTHERS);
        step();
        pipeline.helpOnce();
        step();
        pipeline.helpOnce();
        source.unpublish(ScriptedSource.OTHER);
        commit(1);
        pipeline.lookOnce();
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(reason(OTHERS)).contains("changes stopped coming");
    }

    @Test
    void a_table_that_left_the_publication_is_not_taken_for_whole_when_the_copy_that_put_it_back_fails()
            throws Exception {
        pipeline.resync(OTHERS);
        step();
        pipeline.helpOnce();
        step();
        source.unpublish(ScriptedSource.TABLE);
        commit(1);
        source.failNextExport();
        pipeline.helpOnce();
        catchUp();
        assertThat(state(NUMBERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(state(OTHERS)).isEqualTo(TableState.STREAMING);
    }

    @Test
    void a_table_that_was_out_of_the_publication_only_while_the_sink_was_away_is_not_taken_for_whole()
            throws Exception {
        commit(1);
        pipeline.captureOnce();
        sink.nextCommit(CountingSink.Fault.FAIL_AFTER_WRITE);
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce()).isFalse();
        source.unpublish(ScriptedSource.TABLE);
        commit(1);
        pipeline.lookOnce();
        source.preparePublication();
        catchUp();
        assertThat(state(NUMBERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(state(OTHERS)).isEqualTo(TableState.STREAMING);
    }

    @Test
    void a_table_that_the_configuration_changed_is_copied_again_at_the_next_start() throws Exception {
        sink.reloadReason(table -> table.equals(OTHERS) ? Optional.of("masked now") : Optional.empty());
        start();
        assertThat(state(OTHERS)).isEqualTo(TableState.PENDING);
        sink.reloadReason(table -> Optional.empty());
        commit(2);
        catchUp();
        assertWhole(ScriptedSource.OTHER);
        assertThat(pipeline.board().statuses().get(0).copiedRows()).isZero();
        assertThat(pipeline.board().statuses().get(1).copiedRows()).isEqualTo(5);
    }

    /** As after somebody edited what the target says of itself. */
    @Test
    void a_target_that_cannot_be_compared_with_the_configuration_stops_no_other_table() throws Exception {
        sink.reloadReason(table -> {
            if (table.equals(OTHERS)) {
                throw new PhilotesException(ErrorCode.TARGET_UNUSABLE, "Cannot use the target: a property is damaged");
            }
            return Optional.empty();
        });
        start();
        assertThat(state(OTHERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(reason(OTHERS)).contains("a property is damaged");
        commit(2);
        catchUp();
        assertThat(state(NUMBERS)).isEqualTo(TableState.STREAMING);
        assertWhole(ScriptedSource.TABLE);
    }

    @Test
    void a_table_that_is_dropped_while_it_is_copied_and_created_again_is_copied_by_itself() throws Exception {
        policy = ResyncPolicy.AUTO;
        start();
        pipeline.resync(OTHERS);
        step();
        source.remove(ScriptedSource.OTHER);
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(reason(OTHERS)).contains("PHI-1007");
        source.create(ScriptedSource.OTHER);
        commit(2);
        pipeline.lookOnce();
        step();
        catchUp();
        assertThat(state(OTHERS)).isEqualTo(TableState.STREAMING);
        assertWhole(ScriptedSource.OTHER);
    }

    @Test
    void a_table_that_diverged_is_copied_by_itself_at_most_every_ten_minutes() throws Exception {
        policy = ResyncPolicy.AUTO;
        start();
        diverge();
        catchUp();
        assertThat(state(NUMBERS)).isEqualTo(TableState.STREAMING);
        diverge();
        catchUp();
        assertThat(state(NUMBERS)).isEqualTo(TableState.DIVERGED);
        clock.advance(Duration.ofMinutes(10));
        pipeline.lookOnce();
        step();
        catchUp();
        assertThat(state(NUMBERS)).isEqualTo(TableState.STREAMING);
        assertWhole(ScriptedSource.TABLE);
    }

    private void diverge() throws InterruptedException {
        source.untold(NUMBERS, "rewritten");
        pipeline.lookOnce();
        step();
        pipeline.lookOnce();
    }

    @Test
    void a_resync_that_was_noted_while_nothing_ran_is_done_at_the_next_start() throws Exception {
        source.disconnect();
        PipelineSettings settings = TestSettings.of("copies")
                .commitInterval(Duration.ofSeconds(10))
                .resync(policy)
                .clock(clock)
                .made();
        PipelineParts parts = new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(checkpoints),
                List.of(new SinkPart("sink", sink)));
        assertThat(ResyncMark.mark(parts, List.of(OTHERS))).containsExactly(OTHERS);
        commit(2);
        start();
        assertThat(state(NUMBERS)).isEqualTo(TableState.STREAMING);
        catchUp();
        assertWhole(ScriptedSource.TABLE);
        assertWhole(ScriptedSource.OTHER);
        assertThat(pipeline.board().statuses().get(0).copiedRows()).isZero();
        assertThat(pipeline.board().statuses().get(1).copiedRows()).isEqualTo(5);
    }
}
