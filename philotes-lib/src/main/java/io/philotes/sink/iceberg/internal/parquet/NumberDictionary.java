// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.util.Arrays;

/** Numbers one chunk's different values from 0, in the order of their first appearance. Confined to one thread. */
final class NumberDictionary {

    static final int FULL = -1;

    /** With more a dictionary gains little, and its own memory grows. */
    static final int MOST_ENTRIES = 1 << 13;

    private long[] values = new long[64];
    private int[] slots = new int[256];
    private int size;

    /** The value's index, a new one where needed; {@link #FULL} when there is no room for it. */
    int indexOf(long value) {
        int mask = slots.length - 1;
        int slot = (int) ((value * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        for (int entry; (entry = slots[slot]) != 0; slot = slot + 1 & mask) {
            if (values[entry - 1] == value) {
                return entry - 1;
            }
        }
        if (size == MOST_ENTRIES) {
            return FULL;
        }
        add(value, slot);
        return size - 1;
    }

    private void add(long value, int slot) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
        slots[slot] = size;
        if (size * 2 > slots.length) {
            rehash();
        }
    }

    private void rehash() {
        slots = new int[slots.length * 4];
        int mask = slots.length - 1;
        for (int i = 0; i < size; i++) {
            int slot = (int) ((values[i] * 0x9E3779B97F4A7C15L) >>> 32) & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = i + 1;
        }
    }

    long value(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    long heapBytes() {
        return 8L * values.length + 4L * slots.length;
    }
}
