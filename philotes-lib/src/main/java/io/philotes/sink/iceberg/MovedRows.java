// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.Location;
import java.util.Arrays;
import java.util.List;

/**
 * Where a run of compaction put the rows of one data file. Rows keep their order, so a row's new place follows from how many
 * deleted ones stood before it, and only those are listed: 4 bytes each, and nothing for a row that was copied. Immutable.
 *
 * @param gone positions of the rows that were deleted already and not copied, ascending
 * @param runs rows that stand side by side in one new file, in order; empty when there was none to copy
 */
record MovedRows(int[] gone, List<Run> runs) {

    private static final int OBJECT_BYTES = 256;

    /**
     * @param firstRank how many copied rows of the old file come before
     * @param output the new file's number within its run of compaction
     * @param firstPosition where the first row is in the new file
     */
    record Run(long firstRank, int output, long firstPosition) {}

    MovedRows {
        runs = List.copyOf(runs);
    }

    /** A {@link Location} whose ordinal is an output's number, {@link KeyIndex#NOT_FOUND} for a row that was not copied. */
    long of(long position) {
        int found = Arrays.binarySearch(gone, (int) position);
        if (found >= 0) {
            return KeyIndex.NOT_FOUND;
        }
        long rank = position - (-found - 1);
        int at = runs.size() - 1;
        while (runs.get(at).firstRank() > rank) {
            at--;
        }
        Run run = runs.get(at);
        return Location.of(run.output(), run.firstPosition() + rank - run.firstRank());
    }

    /** Bytes of heap, about. */
    long bytes() {
        return OBJECT_BYTES + 4L * gone.length;
    }
}
