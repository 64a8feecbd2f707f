// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A checkpoint store in memory, standing for a durable one. */
final class HeldCheckpoints implements CheckpointStore {

    private final Map<String, Checkpoint> stored = new HashMap<>();

    @Override
    public Optional<Checkpoint> load(String pipeline) {
        return Optional.ofNullable(stored.get(pipeline));
    }

    @Override
    public Checkpoint save(String pipeline, Checkpoint checkpoint) {
        return stored.merge(pipeline, checkpoint, (old, next) -> next.supersedes(old) ? next : old);
    }

    @Override
    public void remove(String pipeline) {
        stored.remove(pipeline);
    }
}
