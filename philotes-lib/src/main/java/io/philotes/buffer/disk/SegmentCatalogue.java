// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which segments there are, how long each is and up to where it is needed. Never empty once a log is open; guarded by the buffer's lock. */
final class SegmentCatalogue {

    private final TreeMap<Long, Segment> segments = new TreeMap<>();

    void add(Segment segment) {
        segments.put(segment.number, segment);
    }

    void addAll(Map<Long, Segment> found) {
        segments.putAll(found);
    }

    long first() {
        return segments.firstKey();
    }

    long last() {
        return segments.lastKey();
    }

    Segment get(long number) {
        return segments.get(number);
    }

    void removeLast() {
        segments.pollLastEntry();
    }

    /** A transaction that has bytes in every segment from {@code first} on ends there. */
    void endTransaction(long first, Lsn end) {
        segments.tailMap(first).values().forEach(segment -> segment.neededUpTo = end);
    }

    /** The oldest ones before {@code active} of which nothing is needed behind a position, in order. */
    List<Long> removable(long active, Lsn trimmedUpTo) {
        List<Long> removable = new ArrayList<>();
        for (Segment segment : segments.headMap(active).values()) {
            if (segment.neededUpTo.isAfter(trimmedUpTo)) {
                break;
            }
            removable.add(segment.number);
        }
        return removable;
    }

    void removeAll(List<Long> numbers) {
        numbers.forEach(segments::remove);
    }

    List<Long> numbers() {
        return List.copyOf(segments.keySet());
    }

    /** The segment from which a reader finds everything that ends behind {@code after}. */
    long firstFor(Lsn after) {
        return segments.values().stream()
                .filter(segment -> segment.neededUpTo.isAfter(after))
                .map(segment -> segment.number)
                .findFirst()
                .orElse(segments.lastKey());
    }

    long bytes() {
        long bytes = 0;
        for (Segment segment : segments.values()) {
            bytes += segment.length;
        }
        return bytes;
    }
}
