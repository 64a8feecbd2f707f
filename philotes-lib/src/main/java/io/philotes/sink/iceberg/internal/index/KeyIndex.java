// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.util.function.LongUnaryOperator;

/**
 * Where each key's row is. A key is one number or a 128-bit hash; see the implementations. Confined to one thread.
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

    /** Bytes of heap in use, arrays only. */
    long heapBytes();

    /** Forgets everything and lets the heap go. */
    void clear();

    /** Gives every entry the location that {@code now} answers for its own, unless that is negative. */
    void relocate(LongUnaryOperator now);

    /** Visits every entry, in no order; the index must not change meanwhile. */
    void forEach(Visitor visitor);
}
