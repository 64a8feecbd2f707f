// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.internal;

import io.philotes.model.ChangeBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The batches that went into a buffer last, bounded in bytes, so that a reader close behind reads nothing back. Each is known by
 * the number of its first record in the buffer; what is not here is read from the storage. Thread-safe.
 */
public final class RecentBatches {

    /** A commit round's worth of a busy source. */
    private static final long MOST_BYTES = 16L << 20;

    private static final int PART_OF_HEAP = 32;

    /** About what a batch costs besides its bytes; small ones are many. */
    private static final int OVERHEAD = 512;

    /**
     * One of them.
     *
     * @param number of its first record
     * @param next number of the record behind its last
     */
    public record Recent(long number, long next, ChangeBatch batch) {

        private long cost() {
            return batch.bytes().length + (long) OVERHEAD;
        }
    }

    private final long limitBytes;
    private final Map<Long, Recent> byNumber = new HashMap<>();
    private long oldest;
    private long behindNewest;
    private long bytes;

    public RecentBatches(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** 16 MiB, less where the heap is small. */
    public static long defaultBytes() {
        return Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /** Adds what is in the buffer now, behind what was added before; the oldest go where it is too much. */
    public synchronized void add(long number, long next, ChangeBatch batch) {
        if (number != behindNewest) {
            clear();
            oldest = number;
        }
        Recent added = new Recent(number, next, batch);
        byNumber.put(number, added);
        behindNewest = next;
        bytes += added.cost();
        while (bytes > limitBytes) {
            removeOldest();
        }
    }

    private void removeOldest() {
        Recent gone = byNumber.remove(oldest);
        oldest = gone.next();
        bytes -= gone.cost();
    }

    /** The batch that begins with this record. */
    public synchronized Optional<Recent> beginningWith(long number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** Forgets all: numbers may be given anew. */
    public synchronized void clear() {
        byNumber.clear();
        bytes = 0;
        oldest = behindNewest;
    }
}
