// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import java.util.Optional;

/** A store that several sinks use, one at a time. Thread-safe; guarded by {@code this}. */
final class SharedCheckpoints implements CheckpointStore {

    private final CheckpointStore store;

    SharedCheckpoints(CheckpointStore store) {
        this.store = store;
    }

    @Override
    public synchronized Optional<Checkpoint> load(String pipeline) {
        return store.load(pipeline);
    }

    @Override
    public synchronized Optional<Checkpoint> look(String pipeline) {
        return store.look(pipeline);
    }

    @Override
    public synchronized Checkpoint save(String pipeline, Checkpoint checkpoint) {
        return store.save(pipeline, checkpoint);
    }

    @Override
    public synchronized void remove(String pipeline) {
        store.remove(pipeline);
    }

    @Override
    public synchronized void close() {
        store.close();
    }
}
