// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.philotes.model.TableId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HarmlessMetricsTest {

    private static final TableId TABLE = new TableId("public", "orders");

    private final List<String> told = new ArrayList<>();

    private final PipelineMetrics broken = new PipelineMetrics() {
        @Override
        public PipelineMetrics forSink(String sink) {
            return this;
        }

        @Override
        public PipelineMetrics forPipeline(String pipeline) {
            throw new IllegalStateException("no such registry");
        }

        @Override
        public void copied(TableId table, long rows) {
            told.add(table + " " + rows);
        }

        @Override
        public void backpressure(Duration waited) {
            throw new IllegalArgumentException("a meter of another type has this name");
        }
    };

    @Test
    void what_metrics_throw_reaches_nobody_and_what_they_take_arrives() {
        PipelineMetrics harmless = HarmlessMetrics.of(broken);
        assertThatCode(() -> harmless.backpressure(Duration.ZERO)).doesNotThrowAnyException();
        assertThatCode(() -> harmless.forSink("lake").backpressure(Duration.ZERO))
                .doesNotThrowAnyException();
        harmless.forSink("lake").copied(TABLE, 7);
        assertThat(told).containsExactly("public.orders 7");
    }

    @Test
    void metrics_that_cannot_be_had_for_a_pipeline_are_none() {
        assertThat(HarmlessMetrics.of(broken).forPipeline("shop")).isSameAs(PipelineMetrics.NONE);
    }
}
