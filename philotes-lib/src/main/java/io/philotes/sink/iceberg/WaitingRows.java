// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of one table that wait for unchanged values, by key; they are in no file. Confined to one thread. */
final class WaitingRows {

    private record Key(long hi, long lo) {}

    private final Map<Key, WaitingRow> byKey = new LinkedHashMap<>();
    private long bytes;

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    void add(WaitingRow row) {
        byKey.put(new Key(row.hi(), row.lo()), row);
        bytes += row.row().heapBytes();
    }

    /** Null when no row waits under the key. */
    WaitingRow find(long hi, long lo) {
        return byKey.isEmpty() ? null : byKey.get(new Key(hi, lo));
    }

    /** Null when no row waits under the key. */
    WaitingRow remove(long hi, long lo) {
        if (byKey.isEmpty()) {
            return null;
        }
        WaitingRow removed = byKey.remove(new Key(hi, lo));
        if (removed != null) {
            bytes -= removed.row().heapBytes();
        }
        return removed;
    }

    /** All of them, which then wait no longer. */
    List<WaitingRow> take() {
        List<WaitingRow> all = List.copyOf(byKey.values());
        clear();
        return all;
    }

    void clear() {
        byKey.clear();
        bytes = 0;
    }

    /** Heap that the rows hold, about. */
    long bytes() {
        return bytes;
    }
}
