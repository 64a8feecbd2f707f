// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.util.Arrays;

/** Numbers one chunk's different values from 0, in the order of their first appearance. Confined to one thread. */
final class BytesDictionary {

    static final int FULL = -1;

    private static final int MOST_ENTRIES = 1 << 13;
    private static final int MOST_BYTES = 1 << 18;

    private final PageBytes entries = new PageBytes();
    private int[] ends = new int[64];
    private int[] hashes = new int[64];
    private int[] slots = new int[256];
    private int size;

    /** The value's index, a new one where needed; {@link #FULL} when there is no room for it. */
    int indexOf(byte[] source, int offset, int length) {
        int hash = hash(source, offset, length);
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (int entry; (entry = slots[slot]) != 0; slot = slot + 1 & mask) {
            if (hashes[entry - 1] == hash && is(entry - 1, source, offset, length)) {
                return entry - 1;
            }
        }
        if (size == MOST_ENTRIES || entries.length() + length > MOST_BYTES) {
            return FULL;
        }
        add(source, offset, length, hash, slot);
        return size - 1;
    }

    private boolean is(int index, byte[] source, int offset, int length) {
        return Arrays.equals(entries.array(), begin(index), ends[index], source, offset, offset + length);
    }

    /** Eight bytes at a time would not pay: what is hashed for long is short and comes again. */
    private static int hash(byte[] source, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + source[i];
        }
        hash *= 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    private void add(byte[] source, int offset, int length, int hash, int slot) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        entries.addSized(source, offset, length);
        ends[size] = entries.length();
        hashes[size++] = hash;
        slots[slot] = size;
        if (size * 2 > slots.length) {
            rehash();
        }
    }

    private void rehash() {
        slots = new int[slots.length * 4];
        int mask = slots.length - 1;
        for (int i = 0; i < size; i++) {
            int slot = hashes[i] & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = i + 1;
        }
    }

    /** The entries as the dictionary's page has them: each with its length. */
    PageBytes entries() {
        return entries;
    }

    int begin(int index) {
        return (index == 0 ? 0 : ends[index - 1]) + 4;
    }

    int length(int index) {
        return ends[index] - begin(index);
    }

    int size() {
        return size;
    }

    long heapBytes() {
        return entries.array().length + 8L * ends.length + 4L * slots.length;
    }
}
