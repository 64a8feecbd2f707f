// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.sink.DigestedRow;
import java.util.BitSet;

/**
 * Two multisets of rows reduced to sums of their hashes, by buckets of their keys' hashes: as many bytes for a hundred rows as
 * for a hundred million. A bucket in which they differ has another sum but for a chance of 2⁻¹²⁸. Confined to one thread.
 */
final class BucketSums {

    private static final int BUCKETS = 1 << 19;

    private final long[] hi = new long[BUCKETS];
    private final long[] lo = new long[BUCKETS];
    private long sourceRows;

    void atSource(DigestedRow row) {
        int bucket = bucket(row.keyLo());
        hi[bucket] += row.rowHi();
        lo[bucket] += row.rowLo();
        sourceRows++;
    }

    void inTarget(DigestedRow row) {
        int bucket = bucket(row.keyLo());
        hi[bucket] -= row.rowHi();
        lo[bucket] -= row.rowLo();
    }

    long sourceRows() {
        return sourceRows;
    }

    /** @param keyLo see {@link DigestedRow#keyLo} */
    static int bucket(long keyLo) {
        return (int) (keyLo & (BUCKETS - 1));
    }

    /** The buckets that differ. */
    BitSet differing() {
        BitSet differing = new BitSet(BUCKETS);
        for (int i = 0; i < BUCKETS; i++) {
            if (hi[i] != 0 || lo[i] != 0) {
                differing.set(i);
            }
        }
        return differing;
    }
}
