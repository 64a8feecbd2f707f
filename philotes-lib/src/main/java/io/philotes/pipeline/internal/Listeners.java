// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.pipeline.PipelineListener;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners; what one throws reaches the log and nobody else. Thread-safe. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<PipelineListener> all;

    Listeners(List<PipelineListener> all) {
        this.all = List.copyOf(all);
    }

    void tell(Consumer<PipelineListener> event) {
        for (PipelineListener listener : all) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn(
                        "A listener failed; the pipeline goes on: {}",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
