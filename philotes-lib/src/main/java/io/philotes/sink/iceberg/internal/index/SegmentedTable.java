// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * {@link SlotTable}s side by side, each grown on its own: a full one is copied into one with a quarter more room, and one
 * that is large is split in two (extendible hashing). So between 64 and 80 % of the slots are taken, 20 to 25 bytes for a
 * key of one long and 30 to 37.5 for one of two, and what growth copies at once is never more than {@link #SPLIT_BYTES}.
 * Doubling would be faster to fill and take up to half again as much. Confined to one thread.
 */
final class SegmentedTable implements KeyTable {

    private static final int FIRST_CAPACITY = 16;

    /** Until there they double. */
    private static final int SMALL_BYTES = 8 << 10;

    private static final int SPLIT_BYTES = 4 << 20;

    /** What {@link #clear} keeps for the next use. */
    private static final int KEPT_BYTES = 64 << 10;

    private static final int MAX_DEPTH = 24;
    private static final int NO_SEGMENT = -1;

    private final int keyLongs;
    private final int routingShift;
    private final TableMemory memory;
    private Segment[] directory = new Segment[1];
    private int depth;
    private long size;
    private long bytes;

    /** A table with the upper {@code depth} bits of its keys' routes in common. */
    private record Segment(SlotTable slots, int depth) {}

    SegmentedTable(int keyLongs, TableMemory memory) {
        this(keyLongs, 0, memory);
    }

    /** One where keys that are equal but for that many of their lower bits are in one segment. */
    SegmentedTable(int keyLongs, int routingShift, TableMemory memory) {
        this.keyLongs = keyLongs;
        this.routingShift = routingShift;
        this.memory = memory;
    }

    private long route(long hi, long lo) {
        return SlotTable.hash(keyLongs, hi, lo >> routingShift);
    }

    /** The upper bits of a route; in two shifts, for a shift by 64 would be one by 0. */
    private static int prefix(long route, int bits) {
        return (int) (route >>> 1 >>> 63 - bits);
    }

    private Segment segment(long hi, long lo) {
        return directory[prefix(route(hi, lo), depth)];
    }

    @Override
    public long find(long hi, long lo) {
        Segment segment = segment(hi, lo);
        return segment == null ? ABSENT : segment.slots.find(hi, lo);
    }

    @Override
    public long put(long hi, long lo, long value) {
        long before = putIfRoom(hi, lo, value);
        if (before == FULL) {
            makeRoom(hi, lo);
            before = put(hi, lo, value);
        }
        return before;
    }

    /** The same, and {@link #FULL} when there is no room for a new key before {@link #makeRoom}. */
    long putIfRoom(long hi, long lo, long value) {
        Segment segment = segment(hi, lo);
        if (segment == null) {
            segment = new Segment(newSlots(FIRST_CAPACITY), 0);
            directory[0] = segment;
        }
        long before = segment.slots.put(hi, lo, value);
        size += before == ABSENT ? 1 : 0;
        return before;
    }

    @Override
    public long remove(long hi, long lo) {
        Segment segment = segment(hi, lo);
        long before = segment == null ? ABSENT : segment.slots.remove(hi, lo);
        size -= before == ABSENT ? 0 : 1;
        return before;
    }

    private SlotTable newSlots(int capacity) {
        SlotTable slots = new SlotTable(keyLongs, capacity, memory);
        bytes += slots.bytes();
        return slots;
    }

    private void release(SlotTable slots) {
        bytes -= slots.bytes();
        slots.release(memory);
    }

    /** Makes room in the segment of a key. */
    void makeRoom(long hi, long lo) {
        Segment full = segment(hi, lo);
        if (full.slots.bytes() >= SPLIT_BYTES && full.depth < MAX_DEPTH) {
            split(full, route(hi, lo));
        } else {
            replace(full, grown(full.slots), route(hi, lo));
        }
    }

    /** The segment of a key that is in the table, or would be. */
    SlotTable slots(long hi, long lo) {
        return segment(hi, lo).slots;
    }

    /** Takes the keys of one long for which {@code leaves} holds out of a key's segment. */
    void moveOut(long key, LongPredicate leaves, KeyIndex.Visitor to) {
        Segment full = segment(0, key);
        int[] left = {0};
        full.slots.forEach((hi, lo, value) -> left[0] += leaves.test(lo) ? 0 : 1);
        SlotTable thinned = newSlots(capacityFor(left[0]));
        full.slots.forEach((hi, lo, value) -> {
            if (leaves.test(lo)) {
                to.visit(hi, lo, value);
            } else {
                thinned.put(hi, lo, value);
            }
        });
        size -= full.slots.size() - left[0];
        replace(full, thinned, route(0, key));
    }

    private static int capacityFor(int entries) {
        return Math.max(FIRST_CAPACITY, SlotTable.capacityFor(entries));
    }

    private SlotTable grown(SlotTable full) {
        int capacity =
                full.bytes() < SMALL_BYTES ? 2 * full.capacity() : Math.addExact(full.capacity(), full.capacity() / 4);
        SlotTable grown = newSlots(capacity);
        full.forEach(grown::put);
        return grown;
    }

    private void split(Segment full, long route) {
        int below = full.depth + 1;
        int[] counts = new int[2];
        full.slots.forEach((hi, lo, value) -> counts[prefix(route(hi, lo), below) & 1]++);
        SlotTable[] halves = {newSlots(capacityFor(counts[0])), newSlots(capacityFor(counts[1]))};
        full.slots.forEach((hi, lo, value) -> halves[prefix(route(hi, lo), below) & 1].put(hi, lo, value));
        if (full.depth == depth) {
            deepen();
        }
        long bit = 1L << 63 - full.depth;
        fill(new Segment(halves[0], below), route & ~bit);
        fill(new Segment(halves[1], below), route | bit);
        release(full.slots);
    }

    private void deepen() {
        Segment[] deeper = new Segment[2 * directory.length];
        for (int i = 0; i < deeper.length; i++) {
            deeper[i] = directory[i / 2];
        }
        directory = deeper;
        depth++;
    }

    private void replace(Segment old, SlotTable slots, long route) {
        fill(new Segment(slots, old.depth), route);
        release(old.slots);
    }

    private void fill(Segment segment, long route) {
        int span = 1 << depth - segment.depth;
        int from = prefix(route, segment.depth) * span;
        Arrays.fill(directory, from, from + span, segment);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long bytes() {
        return bytes + 8L * directory.length;
    }

    @Override
    public void clear() {
        Segment only = directory[0];
        boolean keep = only != null && depth == 0 && only.slots.bytes() <= KEPT_BYTES;
        if (keep) {
            only.slots.empty();
        } else {
            release();
        }
        size = 0;
    }

    @Override
    public void release() {
        forEachSegment(segment -> release(segment.slots));
        directory = new Segment[1];
        depth = 0;
        size = 0;
    }

    @Override
    public void replaceValues(LongUnaryOperator now) {
        forEachSegment(segment -> {
            size -= segment.slots.size();
            segment.slots.replaceValues(now);
            size += segment.slots.size();
        });
    }

    @Override
    public void save(IndexOutput out) throws IOException {
        out.number(depth);
        for (int i = 0; i < directory.length; ) {
            Segment segment = directory[i];
            out.number(segment == null ? NO_SEGMENT : segment.depth);
            if (segment != null) {
                segment.slots.save(out);
            }
            i += segment == null ? 1 : 1 << depth - segment.depth;
        }
    }

    @Override
    public void load(IndexInput in) throws IOException {
        release();
        depth = in.count();
        directory = new Segment[1 << depth];
        for (int i = 0; i < directory.length; ) {
            int segmentDepth = (int) in.number();
            if (segmentDepth == NO_SEGMENT) {
                i++;
                continue;
            }
            Segment segment = new Segment(SlotTable.load(keyLongs, in, memory), segmentDepth);
            int span = 1 << depth - segmentDepth;
            Arrays.fill(directory, i, i + span, segment);
            bytes += segment.slots.bytes();
            size += segment.slots.size();
            i += span;
        }
    }

    @Override
    public void forEach(KeyIndex.Visitor visitor) {
        forEachSegment(segment -> segment.slots.forEachScattered(visitor));
    }

    private void forEachSegment(Consumer<Segment> action) {
        for (int i = 0; i < directory.length; ) {
            Segment segment = directory[i];
            i += segment == null ? 1 : 1 << depth - segment.depth;
            if (segment != null) {
                action.accept(segment);
            }
        }
    }
}
