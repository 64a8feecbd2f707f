// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.util.function.LongUnaryOperator;

/**
 * A map off the heap from a key of one or two longs to any long but {@link #ABSENT} and {@link #FULL}. Confined to one
 * thread.
 */
interface KeyTable {

    /** No value. */
    long ABSENT = -1;

    /** No value either: there is no room for one. */
    long FULL = Long.MIN_VALUE + 1;

    /** A table for keys of {@code keyLongs} longs; with one, {@code hi} is ignored and visited as 0. */
    static KeyTable of(int keyLongs, TableMemory memory) {
        return keyLongs == 1 ? new IntegerTable(memory) : new SegmentedTable(2, memory);
    }

    long find(long hi, long lo);

    /** Returns the value that stood there, {@link #ABSENT} for a new key. */
    long put(long hi, long lo, long value);

    /** Returns the value that stood there, {@link #ABSENT} when there was none. */
    long remove(long hi, long lo);

    long size();

    /** Bytes in use, off the heap and, if they grow with the keys, on it. */
    long bytes();

    /** Forgets everything, and gives memory back but for a little, for tables that are filled again and again. */
    void clear();

    /** Forgets everything and gives all memory back. */
    void release();

    /** Gives every value the one that {@code now} makes of it; {@link #ABSENT} removes the entry. */
    void replaceValues(LongUnaryOperator now);

    /** Writes all entries; the table must be read back by one of its own kind, on a machine of the same byte order. */
    void save(IndexOutput out) throws IOException;

    /** Takes all entries that {@link #save} wrote; only into an empty table, and of a file that is known to be whole. */
    void load(IndexInput in) throws IOException;

    /** Visits every entry, in no order; the table must not change meanwhile. */
    void forEach(KeyIndex.Visitor visitor);
}
