// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.source.TableSize;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A sink that is added finds no more memory than one of the beginning. */
class SinkBudgetTest {

    private static final int ROWS = 1_000;

    /** Room for two of three. */
    private static final int BYTES_PER_ROW = 400;

    private final ScriptedSource source = new ScriptedSource() {
        @Override
        public Map<TableId, TableSize> estimates(Collection<TableId> tables) {
            return tables.stream().collect(Collectors.toMap(table -> table, table -> new TableSize(ROWS, ROWS)));
        }
    };

    private static SinkPart sink(String name) {
        return new SinkPart(name, new CountingSink().indexBytesPerRow(BYTES_PER_ROW));
    }

    private ManualPipeline started() throws InterruptedException {
        PipelineSettings settings =
                TestSettings.of("budget").memoryBudgetBytes(1_000_000).made();
        ManualPipeline pipeline = new ManualPipeline(new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(new HeldCheckpoints()),
                List.of(sink("one"))));
        pipeline.begin();
        return pipeline;
    }

    private static void refused(ManualPipeline pipeline, String sink) {
        assertThatThrownBy(() -> pipeline.add(sink(sink)))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVER_BUDGET))
                .hasMessageContaining("add the sink '" + sink + "'");
        assertThat(pipeline.lanes().named(sink)).isEmpty();
    }

    @Test
    void a_sink_for_which_there_is_no_memory_is_not_added() throws InterruptedException {
        ManualPipeline pipeline = started();
        pipeline.add(sink("two"));
        refused(pipeline, "three");
        assertThat(pipeline.lanes().named("two")).isPresent();
    }

    @Test
    void one_that_was_removed_makes_room() throws InterruptedException {
        ManualPipeline pipeline = started();
        pipeline.add(sink("two"));
        pipeline.remove(pipeline.lanes().named("one").orElseThrow());
        pipeline.add(sink("three"));
        refused(pipeline, "four");
    }
}
