// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Arrays;

/**
 * Very many file names, eight bytes each: only what they hash to is kept, so a name may be taken for another that is in the
 * set, but none that is in it is missing. Confined to one thread.
 */
final class NameSet {

    private long[] hashes = new long[1_024];
    private int size;
    private boolean sorted;

    /** Adds the name that a location ends with. */
    void add(String location) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        hashes[size++] = hash(location);
        sorted = false;
    }

    boolean mayHave(String location) {
        if (!sorted) {
            Arrays.sort(hashes, 0, size);
            sorted = true;
        }
        return Arrays.binarySearch(hashes, 0, size, hash(location)) >= 0;
    }

    private static long hash(String location) {
        long hash = 0xcbf29ce484222325L;
        for (int i = location.lastIndexOf('/') + 1; i < location.length(); i++) {
            hash = (hash ^ location.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
