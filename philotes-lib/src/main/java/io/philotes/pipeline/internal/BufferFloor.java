// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.model.Lsn;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From where each sink still needs the buffer: the only place that trims it, to the lowest of all. A sink is registered before
 * it reads, and stays so while it is down. Thread-safe; guarded by {@code this}.
 */
final class BufferFloor {

    private final ChangeBuffer buffer;
    private final Map<String, Lsn> floors = new TreeMap<>();

    BufferFloor(ChangeBuffer buffer) {
        this.buffer = buffer;
    }

    /** Keeps for this sink all that is there, until it says what it needs; returns behind which place that is. */
    synchronized Lsn hold(String sink) {
        Lsn trimmed = buffer.trimmedUpTo();
        floors.put(sink, trimmed);
        return trimmed;
    }

    /** This sink needs only what ends behind {@code floor}; no-op for one that is no more. */
    synchronized void moveTo(String sink, Lsn floor) {
        if (floors.replace(sink, floor) != null) {
            trim();
        }
    }

    /** This sink is no more. */
    synchronized void release(String sink) {
        floors.remove(sink);
        trim();
    }

    private void trim() {
        floors.values().stream().min(Lsn::compareTo).ifPresent(buffer::trim);
    }

    /** Whether it is another sink that makes the buffer keep so much. */
    synchronized boolean anotherNeedsMore(String sink) {
        Lsn own = floors.getOrDefault(sink, Lsn.ZERO);
        return lowestWithout(sink).filter(other -> other.isBefore(own)).isPresent();
    }

    private Optional<Lsn> lowestWithout(String sink) {
        return floors.entrySet().stream()
                .filter(floor -> !floor.getKey().equals(sink))
                .map(Map.Entry::getValue)
                .min(Lsn::compareTo);
    }

    /** The one sink without which the buffer could keep less; empty when there is none such, or no other. */
    synchronized Optional<String> holder() {
        return floors.keySet().stream()
                .filter(sink -> lowestWithout(sink)
                        .filter(other -> other.isAfter(floors.get(sink)))
                        .isPresent())
                .findFirst();
    }
}
