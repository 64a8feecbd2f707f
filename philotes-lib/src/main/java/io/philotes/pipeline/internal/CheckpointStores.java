// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where each sink's checkpoint is kept: in the store that was named, else in the sink's own, else in that of the first sink
 * which has one. Thread-safe; guarded by {@code this}.
 */
final class CheckpointStores {

    private final Optional<CheckpointStore> named;
    private final Map<String, CheckpointStore> own = new LinkedHashMap<>();

    private CheckpointStores(Optional<CheckpointStore> named) {
        this.named = named.map(SharedCheckpoints::new);
    }

    static CheckpointStores of(PipelineParts parts) {
        CheckpointStores stores = new CheckpointStores(parts.checkpoints());
        parts.sinks().forEach(stores::add);
        return stores;
    }

    /** One more sink, maybe with a store of its own. */
    synchronized void add(SinkPart part) {
        if (named.isEmpty()) {
            part.sink().checkpoints().ifPresent(store -> own.put(part.name(), new SharedCheckpoints(store)));
        }
    }

    /**
     * The store for this sink's checkpoint.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is none
     */
    synchronized CheckpointStore of(String sink) {
        return named.or(() -> Optional.ofNullable(own.get(sink)))
                .or(() -> own.values().stream().findFirst())
                .orElseThrow(() -> new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot start: the sink " + sink + " keeps no checkpoints, so a checkpoint store is needed"));
    }

    /** Whether a sink's own store holds the checkpoints of other sinks too. */
    synchronized boolean isLentOut(String sink, Iterable<Lane> lanes) {
        CheckpointStore store = own.get(sink);
        for (Lane lane : lanes) {
            String other = lane.name().sink();
            if (store != null && !other.equals(sink) && of(other) == store) {
                return true;
            }
        }
        return false;
    }

    /** A sink was removed, and its own store with it. */
    synchronized void remove(String sink) {
        CheckpointStore store = own.remove(sink);
        if (store != null) {
            store.close();
        }
    }

    synchronized void close() {
        named.ifPresent(CheckpointStore::close);
        own.values().forEach(CheckpointStore::close);
    }
}
