// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Nodes of linked lists of locations, in chunks that never move. A node is a number from 0; {@link #END} ends a list. Freed
 * nodes are used again. Confined to one thread.
 */
final class LocationChains {

    static final int END = -1;

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final List<long[]> locations = new ArrayList<>();
    private final List<int[]> nexts = new ArrayList<>();
    private int used;
    private int free = END;

    int add(long location, int next) {
        int node = free;
        if (node == END) {
            node = used;
            used = Math.addExact(used, 1);
            if (node >> CHUNK_BITS == locations.size()) {
                locations.add(new long[CHUNK]);
                nexts.add(new int[CHUNK]);
            }
        } else {
            free = next(node);
        }
        locations.get(node >> CHUNK_BITS)[node & CHUNK - 1] = location;
        link(node, next);
        return node;
    }

    long location(int node) {
        return locations.get(node >> CHUNK_BITS)[node & CHUNK - 1];
    }

    void relocate(int node, LongUnaryOperator now) {
        long moved = now.applyAsLong(location(node));
        if (moved >= 0) {
            locations.get(node >> CHUNK_BITS)[node & CHUNK - 1] = moved;
        }
    }

    int next(int node) {
        return nexts.get(node >> CHUNK_BITS)[node & CHUNK - 1];
    }

    void link(int node, int next) {
        nexts.get(node >> CHUNK_BITS)[node & CHUNK - 1] = next;
    }

    void free(int node) {
        link(node, free);
        free = node;
    }

    long heapBytes() {
        return (8L + 4L) * CHUNK * locations.size();
    }

    void clear() {
        locations.clear();
        nexts.clear();
        used = 0;
        free = END;
    }
}
