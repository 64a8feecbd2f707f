// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.TableId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tables that are to be copied, with the reason, on their way from whoever wants it to the apply thread. Thread-safe; every
 * field is guarded by {@code this}.
 */
final class CopyWishes {

    private final Map<TableId, String> wished = new LinkedHashMap<>();
    private String allBecause;
    private boolean inHand;

    synchronized void add(TableId table, String reason) {
        wished.putIfAbsent(table, reason);
    }

    synchronized void add(Collection<TableId> tables, String reason) {
        tables.forEach(table -> wished.putIfAbsent(table, reason));
    }

    /** Every table that the pipeline has when the wish is taken. */
    synchronized void addAll(String reason) {
        allBecause = reason;
    }

    /** Whether the tables' states tell of every wish. */
    synchronized boolean isEmpty() {
        return wished.isEmpty() && allBecause == null && !inHand;
    }

    /** Whether one of these is wished for. */
    synchronized boolean touches(Collection<TableId> tables) {
        return allBecause != null || tables.stream().anyMatch(wished::containsKey);
    }

    /** Everything that was wished for, once, of the tables that there are; {@link #granted} follows. */
    synchronized Map<TableId, String> take(Collection<TableId> existing) {
        Map<TableId, String> taken = new LinkedHashMap<>(wished);
        if (allBecause != null) {
            existing.forEach(table -> taken.putIfAbsent(table, allBecause));
        }
        taken.keySet().retainAll(existing);
        wished.clear();
        allBecause = null;
        inHand = true;
        return taken;
    }

    /** The tables that were taken are COPYING now. */
    synchronized void granted() {
        inHand = false;
    }
}
