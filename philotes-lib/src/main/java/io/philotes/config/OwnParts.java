// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.sink.Sink;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Catalog;

/**
 * Parts that an application brings itself, in place of those that {@link PipelineFactory} would make from a configuration; by
 * default none. Asked anew for each builder. What {@link #buffer}, {@link #checkpoints}, {@link #deadLetters} and {@link #sinks} give
 * belongs to the pipeline that starts with it, which closes it; a catalog stays the application's.
 * Asked by the thread that makes the builder.
 */
public interface OwnParts {

    /** Everything comes from the configuration. */
    OwnParts NONE = new OwnParts() {};

    /** The catalog in place of the one that is configured so. */
    default Optional<Catalog> catalog(CatalogConfig configured) {
        return Optional.empty();
    }

    /** Where the pipeline's changes wait. */
    default Optional<ChangeBuffer> buffer(String pipeline) {
        return Optional.empty();
    }

    /** Where the pipeline's progress is remembered. */
    default Optional<CheckpointStore> checkpoints(String pipeline) {
        return Optional.empty();
    }

    /** Where the pipeline's rows are set aside. */
    default Optional<DeadLetterQueue> deadLetters(String pipeline) {
        return Optional.empty();
    }

    /** Sinks by their names, beside those of the configured destinations. */
    default Map<String, Sink> sinks(String pipeline) {
        return Map.of();
    }

    /** Whether there are {@link #sinks}, so that the configuration may do without a destination; makes none. */
    default boolean hasSinks(String pipeline) {
        return false;
    }

    /** Whether there are {@link #deadLetters}; makes none. */
    default boolean hasDeadLetters(String pipeline) {
        return false;
    }
}
