// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.util.function.LongUnaryOperator;

/**
 * Where each key's row is, in memory off the heap. A key is one number or a 128-bit hash; see the implementations. Confined to one thread.
 *
 * <p>All keys are legal; a location is one of {@link Location}.
 */
public interface KeyIndex {

    /** No location. */
    long NOT_FOUND = -1;

    /** Takes one entry. */
    @FunctionalInterface
    interface Visitor {
        void visit(long hi, long lo, long location);
    }

    /** How many of the two longs are the key: 2, or 1 when {@code hi} is ignored. */
    int keyLongs();

    /** The key's location, {@link #NOT_FOUND} when it has none. */
    long find(long hi, long lo);

    /** Gives the key a location, in the place of the one it had; a negative one is an {@link IllegalArgumentException}. */
    void put(long hi, long lo, long location);

    /** Forgets the key; false when it was not there. */
    boolean remove(long hi, long lo);

    long size();

    /** Bytes in use, off the heap and, as far as they grow with the keys, on it. */
    long bytes();

    /** Forgets everything, and gives nearly all memory back. */
    void clear();

    /** Forgets everything and gives all memory back; it is legal to go on. */
    void release();

    /** Gives every entry the location that {@code now} makes of its own; a negative one removes the entry. */
    void relocate(LongUnaryOperator now);

    /** Writes all entries, for {@link #load} on a machine of the same byte order. */
    void save(IndexOutput out) throws IOException;

    /** Takes all entries that {@link #save} wrote; only into an empty index, and of a file that is known to be whole. */
    void load(IndexInput in) throws IOException;

    /** Visits every entry, in no order; the index must not change meanwhile. */
    void forEach(Visitor visitor);
}
