// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.metrics.PipelineMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaneRemovalTest {

    private final List<Boolean> takenAtTheEnd = new ArrayList<>();
    private final RunState run = RunState.of(new PipelineParts(
            TestSettings.of("two")
                    .metrics(new PipelineMetrics() {
                        @Override
                        public void sinkRemoved() {
                            takenAtTheEnd.add(run().lanes().named("second").isPresent());
                        }
                    })
                    .made(),
            new ScriptedSource(),
            MemoryBuffer.bounded(1 << 20),
            Optional.of(new HeldCheckpoints()),
            List.of(new SinkPart("first", new CountingSink()), new SinkPart("second", new CountingSink()))));

    private RunState run() {
        return run;
    }

    @Test
    void a_name_is_free_only_when_all_that_was_kept_under_it_is_gone() {
        new LaneRemoval(run).remove(run.lanes().named("second").orElseThrow());
        assertThat(takenAtTheEnd).containsExactly(true);
        assertThat(run.lanes().named("second")).isEmpty();
        assertThat(run.lanes().size()).isEqualTo(1);
    }
}
