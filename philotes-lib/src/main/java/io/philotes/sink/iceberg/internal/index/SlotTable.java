// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.util.function.LongUnaryOperator;

/**
 * An open-addressing table from a key of one or two longs to any long but {@link #ABSENT}. Slots stand in one array, key
 * first, value last; linear probing; removal shifts back, so there are no tombstones. Confined to one thread.
 *
 * <p>It grows by a third when 4 of 5 slots are taken, so 60 to 80 % are: 20 to 27 bytes for a key of one long, 30 to 40 for
 * one of two. Doubling would be faster to fill and take up to half again as much.
 */
final class SlotTable {

    static final long ABSENT = -1;

    private static final int FIRST_CAPACITY = 8;
    private static final int MAX_CAPACITY = 1 << 29;

    private final int keyLongs;
    private final int width;
    private long[] slots;
    private int capacity;
    private int size;

    SlotTable(int keyLongs) {
        this.keyLongs = keyLongs;
        this.width = keyLongs + 1;
        allocate(FIRST_CAPACITY);
    }

    private void allocate(int slotCount) {
        capacity = slotCount;
        slots = new long[slotCount * width];
        for (int at = keyLongs; at < slots.length; at += width) {
            slots[at] = ABSENT;
        }
    }

    /** Spreads a key over all 64 bits; the segment takes the upper ones and the slot the lower ones. */
    static long hash(int keyLongs, long hi, long lo) {
        return keyLongs == 1 ? mix(lo) : mix(lo + mix(hi));
    }

    /** The finalizer of SplitMix64: a bijection, so that different keys of one long never share all bits. */
    private static long mix(long value) {
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

    private long hi(int slot) {
        return keyLongs == 1 ? 0 : slots[slot * width + 1];
    }

    private long lo(int slot) {
        return slots[slot * width];
    }

    private long value(int slot) {
        return slots[slot * width + keyLongs];
    }

    /** The key's slot, or the free slot where it belongs. */
    private int slotOf(long hash, long hi, long lo) {
        int slot = home(hash);
        while (value(slot) != ABSENT && !(lo(slot) == lo && (keyLongs == 1 || hi(slot) == hi))) {
            slot = next(slot);
        }
        return slot;
    }

    long find(long hash, long hi, long lo) {
        return value(slotOf(hash, hi, lo));
    }

    /** Returns the value that stood there, {@link #ABSENT} for a new key. */
    long put(long hash, long hi, long lo, long value) {
        int slot = slotOf(hash, hi, lo);
        long before = value(slot);
        if (before == ABSENT && (size + 1) * 5L > capacity * 4L) {
            grow();
            slot = slotOf(hash, hi, lo);
        }
        write(slot, hi, lo, value);
        if (before == ABSENT) {
            size++;
        }
        return before;
    }

    private void write(int slot, long hi, long lo, long value) {
        int at = slot * width;
        slots[at] = lo;
        if (keyLongs == 2) {
            slots[at + 1] = hi;
        }
        slots[at + keyLongs] = value;
    }

    private void grow() {
        if (capacity == MAX_CAPACITY) {
            throw new IllegalStateException("an index segment is full");
        }
        long[] old = slots;
        allocate((int) Math.min(MAX_CAPACITY, capacity + Math.max(FIRST_CAPACITY, capacity / 3L)));
        for (int at = 0; at < old.length; at += width) {
            long value = old[at + keyLongs];
            if (value != ABSENT) {
                long hi = keyLongs == 1 ? 0 : old[at + 1];
                write(slotOf(hash(keyLongs, hi, old[at]), hi, old[at]), hi, old[at], value);
            }
        }
    }

    /** Returns the value that stood there, {@link #ABSENT} when there was none. */
    long remove(long hash, long hi, long lo) {
        int hole = slotOf(hash, hi, lo);
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
                System.arraycopy(slots, slot * width, slots, hole * width, width);
                hole = slot;
            }
        }
        slots[hole * width + keyLongs] = ABSENT;
    }

    int size() {
        return size;
    }

    long heapBytes() {
        return 8L * slots.length;
    }

    /** Changes values that are not negative to others that are not. */
    void relocate(LongUnaryOperator now) {
        for (int at = keyLongs; at < slots.length; at += width) {
            if (slots[at] >= 0) {
                long moved = now.applyAsLong(slots[at]);
                slots[at] = moved < 0 ? slots[at] : moved;
            }
        }
    }

    void forEach(KeyIndex.Visitor visitor) {
        for (int slot = 0; slot < capacity; slot++) {
            if (value(slot) != ABSENT) {
                visitor.visit(hi(slot), lo(slot), value(slot));
            }
        }
    }
}
