// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.index.Location;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.iceberg.deletes.PositionDeleteIndex;

/** Rows that the next commit deletes, by data file, be it of the table or of this commit. Confined to one thread. */
final class StagedDeletes {

    private final Map<Integer, PositionDeleteIndex> byOrdinal = new TreeMap<>();
    private long count;

    void add(long location) {
        byOrdinal
                .computeIfAbsent(Location.ordinal(location), ordinal -> Positions.none())
                .delete(Location.position(location));
        count++;
    }

    boolean contains(long location) {
        PositionDeleteIndex positions = byOrdinal.get(Location.ordinal(location));
        return positions != null && positions.isDeleted(Location.position(location));
    }

    /** Forgets the deletes in files of the table, to be found anew after somebody else's commit. */
    void dropCommitted(LiveFiles files) {
        byOrdinal.keySet().removeIf(ordinal -> {
            LiveFile file = files.at(ordinal);
            return file == null || file.isCommitted();
        });
    }

    void forEach(BiConsumer<Integer, PositionDeleteIndex> action) {
        byOrdinal.forEach(action);
    }

    boolean isEmpty() {
        return byOrdinal.isEmpty();
    }

    /** Rows deleted so far, for reports. */
    long count() {
        return count;
    }

    void clear() {
        byOrdinal.clear();
        count = 0;
    }
}
