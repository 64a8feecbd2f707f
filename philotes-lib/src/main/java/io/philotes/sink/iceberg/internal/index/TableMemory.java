// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** One table's part of the {@link IndexMemory}. Thread-safe; its blocks belong to whoever took them. */
public final class TableMemory {

    private final IndexMemory all;
    private final TableId table;
    private long memoryBytes;
    private long diskBytes;
    private boolean abandoned;

    TableMemory(IndexMemory all, TableId table) {
        this.all = all;
        this.table = table;
    }

    /**
     * A block of zeros.
     *
     * @throws PhilotesException OVER_BUDGET when the limit is reached and the disk takes no more
     */
    Block take(int bytes) {
        try {
            Block block = all.take(bytes);
            count(block, 1);
            return block;
        } catch (ClosedByInterruptException e) {
            throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot index the table's rows: interrupted", e)
                    .inTable(table);
        } catch (IOException e) {
            throw new PhilotesException(
                            ErrorCode.OVER_BUDGET,
                            "Cannot index the table's rows: the index is larger than its memory, and the disk does not"
                                    + " take the rest: " + e,
                            e)
                    .inTable(table)
                    .hinting("make room in the directory of the index, give the index more memory,"
                            + " or mirror fewer tables");
        }
    }

    /** The caller never touches the block again. */
    void give(Block block) {
        count(block, -1);
        BlockRelease.release(block);
    }

    private synchronized void count(Block block, int sign) {
        long bytes = (long) sign * block.size();
        if (block.isOnDisk()) {
            diskBytes += bytes;
        } else {
            memoryBytes += bytes;
        }
        if (!abandoned) {
            all.count(block, sign);
        }
    }

    /** Bytes in use, in memory or on disk. */
    public synchronized long bytes() {
        return memoryBytes + diskBytes;
    }

    /**
     * The index will not be used any more, although a thread may still be at work on it: counts it out of the sink's memory
     * and leaves the blocks themselves to the garbage collector.
     */
    public synchronized void abandon() {
        if (!abandoned) {
            abandoned = true;
            all.forget(memoryBytes, diskBytes);
        }
    }
}
