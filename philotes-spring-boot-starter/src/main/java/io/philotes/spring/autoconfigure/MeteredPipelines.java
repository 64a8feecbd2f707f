// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.philotes.PipelineBuilder;
import io.philotes.metrics.micrometer.MicrometerMetrics;
import io.philotes.metrics.micrometer.PipelineGauges;
import io.philotes.spring.PhilotesPipelines;
import io.philotes.spring.PipelineCustomizer;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;

/** Counts what pipelines do, and shows how they stand; before the application's own customizers, which may say otherwise. */
final class MeteredPipelines implements PipelineCustomizer, Ordered {

    private final ObjectProvider<MeterRegistry> registry;
    private final ObjectProvider<PhilotesPipelines> pipelines;
    private final ObjectProvider<Starter> starter;

    MeteredPipelines(
            ObjectProvider<MeterRegistry> registry,
            ObjectProvider<PhilotesPipelines> pipelines,
            ObjectProvider<Starter> starter) {
        this.registry = registry;
        this.pipelines = pipelines;
        this.starter = starter;
    }

    @Override
    public void customize(String pipeline, PipelineBuilder builder) {
        registry.ifUnique(unique -> {
            builder.metrics(MicrometerMetrics.of(unique, pipeline));
            PhilotesPipelines all = pipelines.getObject();
            // Meters that are there already stay as they are: a pipeline that starts again has the same.
            PipelineGauges.of(
                            pipeline,
                            starter.getObject().slot(pipeline),
                            () -> all.status(pipeline).orElseThrow(),
                            Clock.systemUTC())
                    .bindTo(unique);
        });
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
