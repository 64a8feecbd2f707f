// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import io.philotes.model.TableId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the row indexes of all tables of a sink are: direct memory as far as the limit goes, temporary files mapped into
 * memory beyond it. So an index that does not fit gets slower and stops nothing; of the files, the operating system keeps in
 * memory what it has room for. Thread-safe.
 *
 * <p>The JVM has a limit of its own for direct memory ({@code -XX:MaxDirectMemorySize}, by default as much as the heap): when
 * that is the lower one, it counts.
 */
public final class IndexMemory {

    private final SpillFiles files;
    private long limitBytes;
    private long memoryBytes;
    private long diskBytes;

    /** Files go to {@code spillDirectory}, which is made when it is needed. */
    public IndexMemory(long limitBytes, Path spillDirectory) {
        this.limitBytes = limitBytes;
        this.files = new SpillFiles(Objects.requireNonNull(spillDirectory, "spillDirectory"));
    }

    /** What one table takes of it. */
    public TableMemory forTable(TableId table) {
        return new TableMemory(this, table);
    }

    /** A block that is to be {@linkplain #count counted}. Throws {@link IOException} when there is neither memory nor disk. */
    Block take(int bytes) throws IOException {
        ByteBuffer direct = hasRoom(bytes) ? allocate(bytes) : null;
        return direct != null
                ? new Block(direct.order(ByteOrder.nativeOrder()), false)
                : new Block(files.map(bytes).order(ByteOrder.nativeOrder()), true);
    }

    /** Two tables that ask at once may both be told yes: the limit is passed by a block each at the most. */
    private synchronized boolean hasRoom(int bytes) {
        return memoryBytes + bytes <= limitBytes;
    }

    /** Null when the JVM has no direct memory left: from then on its limit is ours. */
    private ByteBuffer allocate(int bytes) {
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError e) {
            // Not the heap's: nothing was allocated, and the request can be met elsewhere.
            synchronized (this) {
                limitBytes = Math.min(limitBytes, memoryBytes);
            }
            return null;
        }
    }

    /** Counts a block in, or out when {@code sign} is -1. */
    synchronized void count(Block block, int sign) {
        if (block.isOnDisk()) {
            diskBytes += (long) sign * block.size();
        } else {
            memoryBytes += (long) sign * block.size();
        }
    }

    synchronized void forget(long memory, long disk) {
        memoryBytes -= memory;
        diskBytes -= disk;
    }

    /** Bytes of direct memory in use. */
    public synchronized long memoryBytes() {
        return memoryBytes;
    }

    /** Bytes of temporary files in use. */
    public synchronized long diskBytes() {
        return diskBytes;
    }
}
