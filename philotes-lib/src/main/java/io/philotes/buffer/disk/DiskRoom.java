// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the disk has room, said once when that changes. Guarded by the buffer's lock. */
final class DiskRoom {

    private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);

    private final BufferDirectory directory;
    private final LogLimits limits;
    private boolean full;

    DiskRoom(BufferDirectory directory, LogLimits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    /** Whether enough stays free beside so many bytes. */
    boolean has(long bytes) {
        long keep = limits.keepFreeOf(directory.totalBytes());
        if (directory.freeBytes() - keep >= bytes) {
            return true;
        }
        noteFull("less than " + keep + " bytes would stay free");
        return false;
    }

    /** Is false when a write of about {@code needed} bytes failed for want of room; any other failure goes on. */
    boolean mayHaveHad(IOException failure, long needed) throws IOException {
        if (!directory.isFull(failure, needed)) {
            throw failure;
        }
        noteFull(failure.toString());
        return false;
    }

    private void noteFull(String why) {
        if (!full) {
            full = true;
            LOG.warn(
                    "The buffer's disk is full: capture waits, path={}, free={}, why={}",
                    directory.describe(""),
                    directory.freeBytes(),
                    why);
        }
    }

    /** Something was written. */
    void found() {
        if (full) {
            full = false;
            LOG.info("The buffer's disk has room again, path={}", directory.describe(""));
        }
    }

    /** Whether the last write found no room. */
    boolean isFull() {
        return full;
    }
}
