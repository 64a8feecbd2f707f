// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint;

import io.philotes.model.StorePlace;
import java.util.Optional;

/**
 * Remembers a pipeline's {@link Checkpoint}. It is a copy: where it and the sink's own record differ, the sink wins. Used by
 * one thread at a time.
 */
public interface CheckpointStore extends AutoCloseable {

    /**
     * What is stored for the pipeline; empty when nothing ever was.
     *
     * @throws io.philotes.error.PhilotesException when there is something that cannot be read or understood: it is never
     *     taken for "nothing"
     */
    Optional<Checkpoint> load(String pipeline);

    /** As {@link #load}, for whoever only looks: creates nothing. Default: {@link #load}, for a store where it creates nothing. */
    default Optional<Checkpoint> look(String pipeline) {
        return load(pipeline);
    }

    /**
     * Stores durably, never backwards: a checkpoint whose epoch is smaller, or whose epoch is the same and whose position
     * is smaller, is not stored.
     *
     * @return what is stored afterwards, {@code checkpoint} or the newer one that stood there
     */
    Checkpoint save(String pipeline, Checkpoint checkpoint);

    /** Removes a pipeline's checkpoint, if there is one. */
    void remove(String pipeline);

    /**
     * Where it lives, when that is a database which a source might capture; empty otherwise. May be asked before it is open.
     *
     * @throws io.philotes.error.PhilotesException when nothing can be stored there: the database does not answer, the directory
     *     cannot be written
     */
    default Optional<StorePlace> place() {
        return Optional.empty();
    }

    @Override
    default void close() {}
}
