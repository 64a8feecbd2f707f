// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.PipelineBuilder;
import io.philotes.config.OwnParts;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.pipeline.PipelineListener;
import io.philotes.spring.PipelineCustomizer;
import io.philotes.spring.PipelineStartException;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;

/** Makes each pipeline's builder from properties, listeners and customizers. Thread-safe, as these are. */
final class Starter implements AutoCloseable {

    private final Optional<PipelineFactory> made;
    private final ObjectProvider<PipelineListener> listeners;
    private final ObjectProvider<PipelineCustomizer> customizers;

    Starter(
            PhilotesConfig config,
            OwnParts parts,
            ObjectProvider<PipelineListener> listeners,
            ObjectProvider<PipelineCustomizer> customizers) {
        this.made = config.pipelines().isEmpty() ? Optional.empty() : Optional.of(new PipelineFactory(config, parts));
        this.listeners = listeners;
        this.customizers = customizers;
    }

    private PipelineFactory factory() {
        return made.orElseThrow();
    }

    PipelineBuilder builder(String pipeline) {
        PipelineBuilder builder = factory().builder(pipeline);
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(pipeline, builder));
        return builder;
    }

    /** The slot that a pipeline reads. */
    String slot(String pipeline) {
        return factory().slot(pipeline);
    }

    /** The failure of a start with everything else that is wrong, so that all can be mended at once. */
    PipelineStartException explained(String pipeline, PhilotesException failure) {
        CheckReport report;
        try {
            report = factory().check(pipeline);
        } catch (PhilotesException e) {
            report = new CheckReport(List.of());
            failure.addSuppressed(e);
        }
        return new PipelineStartException(pipeline, failure, report);
    }

    /** After the pipelines. */
    @Override
    public void close() {
        made.ifPresent(PipelineFactory::close);
    }
}
