// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Where the rows of a table without a key are, by their 128-bit hash; any number may share one. Rows of this commit are
 * taken before rows of the table. Confined to one thread.
 */
final class MultisetLocator {

    private record Hash(long hi, long lo) {}

    private final LiveFiles files;
    private final Map<Hash, Deque<Long>> index = new HashMap<>();
    private final Map<Hash, Deque<Long>> staged = new HashMap<>();
    private final Map<Hash, List<Long>> taken = new HashMap<>();
    private boolean tableIsEmptied;
    private long indexed;

    MultisetLocator(LiveFiles files) {
        this.files = files;
    }

    /** Learns a row of the table, or one that this commit staged. */
    void learn(long hi, long lo, long location, boolean committed) {
        (committed ? index : staged)
                .computeIfAbsent(new Hash(hi, lo), hash -> new ArrayDeque<>(1))
                .add(location);
        indexed++;
    }

    void stage(long hi, long lo, long location) {
        learn(hi, lo, location, false);
    }

    /** One row that looks like this, which is no longer there afterwards; {@link RowLocation#NONE} when there is none. */
    long take(long hi, long lo) {
        Hash hash = new Hash(hi, lo);
        Deque<Long> own = staged.get(hash);
        if (own != null && !own.isEmpty()) {
            return own.removeLast();
        }
        long at = tableIsEmptied ? RowLocation.NONE : takeCommitted(hash);
        if (at != RowLocation.NONE) {
            taken.computeIfAbsent(hash, h -> new ArrayList<>(1)).add(at);
        }
        return at;
    }

    private long takeCommitted(Hash hash) {
        List<Long> gone = taken.getOrDefault(hash, List.of());
        Deque<Long> hints = index.getOrDefault(hash, new ArrayDeque<>(1));
        for (Iterator<Long> all = hints.iterator(); all.hasNext(); ) {
            long at = all.next();
            if (!files.isLive(at)) {
                all.remove();
            } else if (!gone.contains(at)) {
                return at;
            }
        }
        return RowLocation.NONE;
    }

    void stageEmptying() {
        staged.clear();
        taken.clear();
        tableIsEmptied = true;
    }

    /** After somebody else's commit: takes as many rows of the table again; false when there are not as many. */
    boolean retake(LongConsumer locations) {
        Map<Hash, List<Long>> before = new HashMap<>(taken);
        taken.clear();
        boolean complete = true;
        for (Map.Entry<Hash, List<Long>> entry : before.entrySet()) {
            List<Long> again = new ArrayList<>();
            taken.put(entry.getKey(), again);
            for (int i = 0; i < entry.getValue().size(); i++) {
                long at = takeCommitted(entry.getKey());
                if (at == RowLocation.NONE) {
                    complete = false;
                } else {
                    again.add(at);
                    locations.accept(at);
                }
            }
        }
        return complete;
    }

    /** The commit landed. */
    void apply() {
        if (tableIsEmptied) {
            index.clear();
        }
        taken.forEach((hash, gone) -> {
            Deque<Long> hints = index.get(hash);
            hints.removeAll(gone);
            if (hints.isEmpty()) {
                index.remove(hash);
            }
        });
        staged.forEach((hash, added) -> {
            if (!added.isEmpty()) {
                index.computeIfAbsent(hash, h -> new ArrayDeque<>(1)).addAll(added);
            }
        });
        forget();
    }

    /** Drops what this commit staged. */
    void forget() {
        staged.clear();
        taken.clear();
        tableIsEmptied = false;
    }

    /** Forgets everything but whether the table is emptied. */
    void clear() {
        index.clear();
        staged.clear();
        taken.clear();
        indexed = 0;
    }

    long indexBytes() {
        return indexed * 120;
    }

    long overlayBytes() {
        return (staged.size() + taken.size()) * 120L;
    }
}
