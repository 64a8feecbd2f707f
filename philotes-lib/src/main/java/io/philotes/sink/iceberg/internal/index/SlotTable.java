// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * An open-addressing table of a fixed number of slots, from a key of one or two longs to any long but {@link #ABSENT}. Linear
 * probing; removal shifts back, so there are no tombstones. Confined to one thread. A slot:
 *
 * <pre>
 * int64 lo | int64 hi, for keys of two longs | int64 value + 1, 0 when the slot is free
 * </pre>
 */
final class SlotTable {

    static final long ABSENT = KeyTable.ABSENT;

    private final int keyLongs;
    private final int width;
    private final int valueAt;
    private final Block block;
    private final ByteBuffer slots;
    private final int capacity;
    private final int most;
    private int size;

    SlotTable(int keyLongs, int capacity, TableMemory memory) {
        this.keyLongs = keyLongs;
        this.width = 8 * (keyLongs + 1);
        this.valueAt = 8 * keyLongs;
        this.capacity = capacity;
        this.most = (int) (capacity * 4L / 5);
        this.block = memory.take(capacity * width);
        this.slots = block.bytes();
    }

    /** The capacity of which these entries take 64 %; at 80 % a table is full. */
    static int capacityFor(int entries) {
        return (int) (entries * 25L / 16);
    }

    /** Spreads a key over all 64 bits; the slot takes the lower half of them. */
    static long hash(int keyLongs, long hi, long lo) {
        return keyLongs == 1 ? mix(lo) : mix(lo + mix(hi));
    }

    /** The finalizer of SplitMix64: a bijection, so that different keys of one long never share all bits. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Maps the hash's lower half to a slot by multiplication, which needs no power of two. */
    private int home(long hash) {
        return (int) ((hash & 0xFFFFFFFFL) * capacity >>> 32);
    }

    private int next(int slot) {
        return slot + 1 == capacity ? 0 : slot + 1;
    }

    long lo(int slot) {
        return slots.getLong(slot * width);
    }

    long hi(int slot) {
        return keyLongs == 1 ? 0 : slots.getLong(slot * width + 8);
    }

    /** {@link #ABSENT} when the slot is free. */
    long value(int slot) {
        return slots.getLong(slot * width + valueAt) - 1;
    }

    /** The key's slot, or the free slot where it belongs. */
    private int slotOf(long hi, long lo) {
        int slot = home(hash(keyLongs, hi, lo));
        while (value(slot) != ABSENT && !(lo(slot) == lo && (keyLongs == 1 || hi(slot) == hi))) {
            slot = next(slot);
        }
        return slot;
    }

    long find(long hi, long lo) {
        return value(slotOf(hi, lo));
    }

    /** Returns the value that stood there, {@link #ABSENT} for a new key, {@link KeyTable#FULL} when it has no room. */
    long put(long hi, long lo, long value) {
        int slot = slotOf(hi, lo);
        long before = value(slot);
        if (before != ABSENT) {
            slots.putLong(slot * width + valueAt, value + 1);
        } else if (size >= most) {
            return KeyTable.FULL;
        } else {
            write(slot, hi, lo, value);
            size++;
        }
        return before;
    }

    private void write(int slot, long hi, long lo, long value) {
        int at = slot * width;
        slots.putLong(at, lo);
        if (keyLongs == 2) {
            slots.putLong(at + 8, hi);
        }
        slots.putLong(at + valueAt, value + 1);
    }

    /** Returns the value that stood there, {@link #ABSENT} when there was none. */
    long remove(long hi, long lo) {
        int hole = slotOf(hi, lo);
        long before = value(hole);
        if (before != ABSENT) {
            closeHole(hole);
            size--;
        }
        return before;
    }

    /** Moves each entry behind the hole into it, unless that would take it before its home. */
    private void closeHole(int first) {
        int hole = first;
        for (int slot = next(hole); value(slot) != ABSENT; slot = next(slot)) {
            int home = home(hash(keyLongs, hi(slot), lo(slot)));
            boolean mayMove = hole <= slot ? home <= hole || home > slot : home <= hole && home > slot;
            if (mayMove) {
                write(hole, hi(slot), lo(slot), value(slot));
                hole = slot;
            }
        }
        slots.putLong(hole * width + valueAt, 0);
    }

    void save(IndexOutput out) throws IOException {
        out.number(capacity);
        out.number(size);
        out.memory(slots, 0, block.size());
    }

    static SlotTable load(int keyLongs, IndexInput in, TableMemory memory) throws IOException {
        SlotTable loaded = new SlotTable(keyLongs, in.count(), memory);
        loaded.size = in.count();
        in.memory(loaded.slots, 0, loaded.block.size());
        return loaded;
    }

    int size() {
        return size;
    }

    int capacity() {
        return capacity;
    }

    long bytes() {
        return block.size();
    }

    /** Forgets everything and keeps the memory. */
    void empty() {
        for (int at = valueAt; at < block.size(); at += width) {
            slots.putLong(at, 0);
        }
        size = 0;
    }

    /** The table is never used again. */
    void release(TableMemory memory) {
        memory.give(block);
    }

    void replaceValues(LongUnaryOperator now) {
        List<long[]> gone = new ArrayList<>();
        for (int slot = 0; slot < capacity; slot++) {
            long before = value(slot);
            long after = before == ABSENT ? ABSENT : now.applyAsLong(before);
            if (after != ABSENT) {
                slots.putLong(slot * width + valueAt, after + 1);
            } else if (before != ABSENT) {
                gone.add(new long[] {hi(slot), lo(slot)});
            }
        }
        gone.forEach(key -> remove(key[0], key[1]));
    }

    /** Visits the entries by their slots, which is the best order for a table of another size that holds them all at once. */
    void forEach(KeyIndex.Visitor visitor) {
        for (int slot = 0; slot < capacity; slot++) {
            visit(slot, visitor);
        }
    }

    /**
     * Visits the entries in leaps over the whole table, evenly at any moment. A table that grows while it takes them needs
     * that: in the order of slots, which is that of hashes, they would all press into its first part, where each would be
     * looked for behind all others.
     */
    void forEachScattered(KeyIndex.Visitor visitor) {
        int leap = leap(capacity);
        int slot = 0;
        for (int i = 0; i < capacity; i++) {
            visit(slot, visitor);
            slot += leap;
            slot -= slot >= capacity ? capacity : 0;
        }
    }

    /** About the golden part of all slots, and without a divisor in common, so that leaps come to each slot once. */
    private static int leap(int capacity) {
        int leap = (int) (capacity * 0.618) + 1;
        while (divisor(leap, capacity) > 1) {
            leap++;
        }
        return leap;
    }

    private static int divisor(int first, int second) {
        return second == 0 ? first : divisor(second, first % second);
    }

    private void visit(int slot, KeyIndex.Visitor visitor) {
        long value = value(slot);
        if (value != ABSENT) {
            visitor.visit(hi(slot), lo(slot), value);
        }
    }
}
