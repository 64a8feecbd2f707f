// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/**
 * {@link SlotTable}s side by side, each grown on its own: growth copies one of them, so its peak is a small part of the whole.
 * Confined to one thread.
 */
final class SegmentedTable {

    static final long ABSENT = SlotTable.ABSENT;

    private static final int SEGMENT_BITS = 6;

    private final int keyLongs;
    private final SlotTable[] segments = new SlotTable[1 << SEGMENT_BITS];
    private long size;

    /** A table for keys of one long, which ignores {@code hi} and gives 0 for it, or of two. */
    SegmentedTable(int keyLongs) {
        this.keyLongs = keyLongs;
    }

    private static int segment(long hash) {
        return (int) (hash >>> 64 - SEGMENT_BITS);
    }

    long find(long hi, long lo) {
        long hash = SlotTable.hash(keyLongs, hi, lo);
        SlotTable segment = segments[segment(hash)];
        return segment == null ? ABSENT : segment.find(hash, hi, lo);
    }

    /** Returns the value that stood there, {@link #ABSENT} for a new key. */
    long put(long hi, long lo, long value) {
        long hash = SlotTable.hash(keyLongs, hi, lo);
        int at = segment(hash);
        if (segments[at] == null) {
            segments[at] = new SlotTable(keyLongs);
        }
        long before = segments[at].put(hash, hi, lo, value);
        size += before == ABSENT ? 1 : 0;
        return before;
    }

    /** Returns the value that stood there, {@link #ABSENT} when there was none. */
    long remove(long hi, long lo) {
        long hash = SlotTable.hash(keyLongs, hi, lo);
        SlotTable segment = segments[segment(hash)];
        long before = segment == null ? ABSENT : segment.remove(hash, hi, lo);
        size -= before == ABSENT ? 0 : 1;
        return before;
    }

    long size() {
        return size;
    }

    long heapBytes() {
        long bytes = 8L * segments.length;
        for (SlotTable segment : segments) {
            bytes += segment == null ? 0 : segment.heapBytes();
        }
        return bytes;
    }

    void clear() {
        Arrays.fill(segments, null);
        size = 0;
    }

    /** Gives every key the value that {@code now} answers for its own; one below 0 leaves it as it is. */
    void relocate(LongUnaryOperator now) {
        for (SlotTable segment : segments) {
            if (segment != null) {
                segment.relocate(now);
            }
        }
    }

    void forEach(KeyIndex.Visitor visitor) {
        for (SlotTable segment : segments) {
            if (segment != null) {
                segment.forEach(visitor);
            }
        }
    }
}
