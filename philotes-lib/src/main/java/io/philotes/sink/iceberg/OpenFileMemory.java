// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps within bounds what the open files of all tables together hold in memory: however many tables have changes, those with
 * most of it are closed early, and the commit has a file more of theirs. Immutable.
 *
 * @param bound bytes of heap at which files are closed, until half of it is left
 */
record OpenFileMemory(long bound) {

    /** What is left for them beside indexes, buffers and readers in a heap of the size that this process has. */
    private static final int PART_OF_HEAP = 8;

    static OpenFileMemory ofThisHeap() {
        return new OpenFileMemory(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /** Closes what is too much. */
    void keepWithin(Collection<MirroredTable> tables) {
        long all =
                tables.stream().mapToLong(table -> table.writer().openBytes()).sum();
        if (all < bound) {
            return;
        }
        List<MirroredTable> largestFirst = tables.stream()
                .sorted(Comparator.comparingLong(
                                (MirroredTable table) -> table.writer().openBytes())
                        .reversed())
                .toList();
        for (MirroredTable table : largestFirst) {
            if (all < bound / 2) {
                return;
            }
            all -= table.writer().openBytes();
            table.writer().closeOpen();
        }
    }
}
