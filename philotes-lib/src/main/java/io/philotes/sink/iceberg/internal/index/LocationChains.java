// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes of linked lists of locations, in chunks that never move. A node is a number from 0; {@link #END} ends a list. Freed
 * nodes are used again. Confined to one thread. A node:
 *
 * <pre>
 * int64 location | int32 next
 * </pre>
 */
final class LocationChains {

    static final int END = -1;

    private static final int CHUNK_BITS = 13;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int NODE_BYTES = 12;

    private final TableMemory memory;
    private final List<Block> chunks = new ArrayList<>();
    private int used;
    private int free = END;

    LocationChains(TableMemory memory) {
        this.memory = memory;
    }

    int add(long location, int next) {
        int node = free;
        if (node == END) {
            node = used;
            used = Math.addExact(used, 1);
            if (node >> CHUNK_BITS == chunks.size()) {
                chunks.add(memory.take(CHUNK * NODE_BYTES));
            }
        } else {
            free = next(node);
        }
        relocate(node, location);
        link(node, next);
        return node;
    }

    private ByteBuffer chunk(int node) {
        return chunks.get(node >> CHUNK_BITS).bytes();
    }

    private static int offset(int node) {
        return (node & CHUNK - 1) * NODE_BYTES;
    }

    long location(int node) {
        return chunk(node).getLong(offset(node));
    }

    void relocate(int node, long location) {
        chunk(node).putLong(offset(node), location);
    }

    int next(int node) {
        return chunk(node).getInt(offset(node) + 8);
    }

    void link(int node, int next) {
        chunk(node).putInt(offset(node) + 8, next);
    }

    void free(int node) {
        link(node, free);
        free = node;
    }

    long bytes() {
        return (long) NODE_BYTES * CHUNK * chunks.size();
    }

    /** Forgets every node and gives the memory back. */
    void clear() {
        chunks.forEach(memory::give);
        chunks.clear();
        used = 0;
        free = END;
    }
}
