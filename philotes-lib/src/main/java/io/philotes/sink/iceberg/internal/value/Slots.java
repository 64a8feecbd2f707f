// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.Arrays;

/**
 * Values in Iceberg's internal form, one per slot: the fields of a row, or the elements of a list. Mutable, confined to one
 * thread.
 *
 * <pre>
 * boolean                     number 0 or 1
 * int, long, date, time, ts   number
 * float, double               number: the canonical bits of the type (one NaN; -0.0 is not 0.0)
 * decimal, up to 18 digits    number: the unscaled value
 * decimal, above              bytes: the unscaled value, big-endian, as many bytes as the precision needs
 * string, binary, uuid        bytes
 * list                        slots of its own
 * </pre>
 */
final class Slots {

    static final byte NULL = 0;
    static final byte VALUE = 1;
    static final byte UNCHANGED = 2;

    private static final byte[] EMPTY = new byte[0];

    private static final int BYTES_PER_SLOT = 1 + 8 + 4 + 4 + 4 + 4 + 4;

    private int size;
    private byte[] states;
    private long[] numbers;
    private byte[][] arrays;
    private int[] offsets;
    private int[] lengths;
    private byte[][] owned;
    private Slots[] lists;

    Slots(int size) {
        this.size = size;
        states = new byte[size];
        numbers = new long[size];
        arrays = new byte[size][];
        offsets = new int[size];
        lengths = new int[size];
        owned = new byte[size][];
        lists = new Slots[size];
    }

    int size() {
        return size;
    }

    byte state(int at) {
        return states[at];
    }

    boolean isNull(int at) {
        return states[at] == NULL;
    }

    boolean isValue(int at) {
        return states[at] == VALUE;
    }

    /** The last guard before a file: what is unchanged must never get there as something else. */
    void requireNull(int at) {
        if (states[at] != NULL) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot write a row: a value is neither known nor NULL");
        }
    }

    void setNull(int at) {
        states[at] = NULL;
    }

    void setUnchanged(int at) {
        states[at] = UNCHANGED;
    }

    void setNumber(int at, long value) {
        states[at] = VALUE;
        numbers[at] = value;
    }

    long number(int at) {
        return numbers[at];
    }

    /** Refers to bytes of somebody else's array. */
    void setBytes(int at, byte[] array, int offset, int length) {
        states[at] = VALUE;
        arrays[at] = array;
        offsets[at] = offset;
        lengths[at] = length;
    }

    /** The slot's own array, at least {@code length} long and made the slot's value, to be filled by the caller. */
    byte[] ownBytes(int at, int length) {
        byte[] own = owned[at];
        if (own == null || own.length < length) {
            own = new byte[Math.max(length, 16)];
            owned[at] = own;
        }
        setBytes(at, own, 0, length);
        return own;
    }

    byte[] array(int at) {
        return arrays[at];
    }

    int offset(int at) {
        return offsets[at];
    }

    int length(int at) {
        return lengths[at];
    }

    byte[] copyOfBytes(int at) {
        return Arrays.copyOfRange(arrays[at], offsets[at], offsets[at] + lengths[at]);
    }

    /** Makes the slot an empty list, to be filled by the caller with {@link #add}. */
    Slots startList(int at) {
        states[at] = VALUE;
        if (lists[at] == null) {
            lists[at] = new Slots(4);
        }
        lists[at].size = 0;
        return lists[at];
    }

    Slots list(int at) {
        return lists[at];
    }

    /** One more slot at the end, NULL. */
    int add() {
        if (size == states.length) {
            grow(Math.max(4, size * 2));
        }
        states[size] = NULL;
        return size++;
    }

    private void grow(int capacity) {
        states = Arrays.copyOf(states, capacity);
        numbers = Arrays.copyOf(numbers, capacity);
        arrays = Arrays.copyOf(arrays, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        owned = Arrays.copyOf(owned, capacity);
        lists = Arrays.copyOf(lists, capacity);
    }

    /** Takes over one slot; bytes are referred to, lists copied. */
    void copySlot(int at, Slots from, int fromAt) {
        states[at] = from.states[fromAt];
        numbers[at] = from.numbers[fromAt];
        arrays[at] = from.arrays[fromAt];
        offsets[at] = from.offsets[fromAt];
        lengths[at] = from.lengths[fromAt];
        Slots list = from.lists[fromAt];
        if (list != null && states[at] == VALUE) {
            lists[at] = list.detached();
        }
    }

    /** A deep copy that refers to no array of somebody else: all bytes in one array of its own. */
    Slots detached() {
        Slots copy = new Slots(size);
        int total = 0;
        for (int i = 0; i < size; i++) {
            total += hasBytes(i) ? lengths[i] : 0;
        }
        byte[] block = total == 0 ? EMPTY : new byte[total];
        int at = 0;
        for (int i = 0; i < size; i++) {
            copy.copySlot(i, this, i);
            if (hasBytes(i)) {
                System.arraycopy(arrays[i], offsets[i], block, at, lengths[i]);
                copy.setBytes(i, block, at, lengths[i]);
                at += lengths[i];
            } else {
                copy.arrays[i] = null;
            }
        }
        return copy;
    }

    private boolean hasBytes(int at) {
        return states[at] == VALUE && arrays[at] != null;
    }

    /** Heap of this and everything it holds, about; bytes are counted once per slot. */
    long heapBytes() {
        long bytes = 160 + (long) states.length * BYTES_PER_SLOT;
        for (int i = 0; i < size; i++) {
            bytes += hasBytes(i) ? lengths[i] : 0;
            bytes += states[i] == VALUE && lists[i] != null ? lists[i].heapBytes() : 0;
        }
        return bytes;
    }
}
