// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that somebody took out of the publication, and what else changes the publication before everybody knows. */
class PublishedTablesTest {

    private static final TableId NUMBERS = ScriptedSource.TABLE.table();
    private static final TableId OTHERS = ScriptedSource.OTHER.table();

    /** A source where somebody takes a table out right after it was asked whether all are published. */
    private static final class BusySource extends ScriptedSource {

        private boolean takesOutNext;

        @Override
        public Set<TableId> unpublished() {
            Set<TableId> seen = new HashSet<>(super.unpublished());
            if (takesOutNext) {
                takesOutNext = false;
                unpublish(ScriptedSource.TABLE);
            }
            return seen;
        }
    }

    private final SettableClock clock = new SettableClock();
    private final BusySource source = new BusySource();
    private final HeldCheckpoints checkpoints = new HeldCheckpoints();
    private final CountingSink one = new CountingSink();
    private final CountingSink two = new CountingSink();
    private ManualPipeline pipeline;

    @BeforeEach
    void two_tables_stream_into_two_sinks() throws InterruptedException {
        source.create(ScriptedSource.OTHER);
        commit(3);
        start();
        rounds();
        assertWhole(one, ScriptedSource.TABLE);
        assertWhole(two, ScriptedSource.TABLE);
    }

    private void start() throws InterruptedException {
        source.disconnect();
        one.crash();
        two.crash();
        PipelineSettings settings = TestSettings.simulated("published", clock)
                .commitMaxBytes(1 << 20)
                .made();
        pipeline = new ManualPipeline(new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(checkpoints),
                List.of(new SinkPart("one", one), new SinkPart("two", two))));
        pipeline.begin();
    }

    private void commit(int rows) {
        source.commit(Map.of(ScriptedSource.TABLE, rows, ScriptedSource.OTHER, rows));
    }

    private Lane lane(String sink) {
        return pipeline.lanes().named(sink).orElseThrow();
    }

    private TableState state(String sink, TableId table) {
        return lane(sink).board().progress(table).state();
    }

    /** Everything but looks; a sink that failed does nothing. */
    private void rounds() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            pipeline.captureOnce();
            pipeline.helpOnce();
            clock.advance(Duration.ofSeconds(20));
            for (Lane lane : pipeline.lanes().alive()) {
                pipeline.applyOnce(lane);
            }
        }
    }

    private void assertWhole(CountingSink sink, RelationSchema table) {
        assertThat(sink.committed(table))
                .isEqualTo(IntStream.range(0, source.numbers(table)).boxed().toList());
    }

    private void failTwo() {
        lane("two").health().fail(new PhilotesException(ErrorCode.DEFECT, "Cannot go on: scripted"));
    }

    @Test
    void a_sink_that_failed_learns_at_the_next_start_that_a_table_was_out_of_the_publication() throws Exception {
        failTwo();
        source.unpublish(ScriptedSource.TABLE);
        commit(1);
        lane("one").wishes().add(OTHERS, "asked for");
        rounds();
        assertThat(state("one", NUMBERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(state("one", OTHERS)).isEqualTo(TableState.STREAMING);
        start();
        assertThat(state("two", NUMBERS)).isEqualTo(TableState.NEEDS_RESYNC);
        rounds();
        assertWhole(two, ScriptedSource.OTHER);
    }

    @Test
    void a_table_is_not_copied_again_into_one_sink_while_another_that_failed_would_forget_what_it_misses()
            throws Exception {
        failTwo();
        source.unpublish(ScriptedSource.TABLE);
        commit(1);
        lane("one").wishes().add(NUMBERS, "asked for");
        rounds();
        assertThat(source.isPublished(ScriptedSource.TABLE)).isFalse();
        assertThat(state("one", NUMBERS)).isEqualTo(TableState.COPYING);
        start();
        assertThat(state("two", NUMBERS)).isEqualTo(TableState.NEEDS_RESYNC);
        rounds();
        assertWhole(one, ScriptedSource.TABLE);
    }

    @Test
    void a_table_that_leaves_the_publication_while_a_session_begins_is_not_put_back_unseen() throws Exception {
        source.takesOutNext = true;
        start();
        commit(1);
        rounds();
        assertThat(state("one", NUMBERS)).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(state("two", NUMBERS)).isEqualTo(TableState.NEEDS_RESYNC);
        pipeline.resync(NUMBERS);
        rounds();
        commit(1);
        rounds();
        assertWhole(one, ScriptedSource.TABLE);
        assertWhole(two, ScriptedSource.TABLE);
    }
}
