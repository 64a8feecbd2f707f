// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.internal.PartsAhead;

/**
 * Sizes of a {@link SegmentLog}, in bytes.
 *
 * @param segmentBytes at which a segment is followed by the next
 * @param limitBytes at which the log is full
 * @param keepFreeBytes what stays free on the disk; {@link #SMALL_PART} for a small part of it
 * @param aheadBytes from which size on a transaction is read while it comes
 */
record LogLimits(long segmentBytes, long limitBytes, long keepFreeBytes, long aheadBytes) {

    static final long SMALL_PART = -1;

    private static final long MOST = 64L << 20;
    private static final int PARTS = 20;

    LogLimits(long segmentBytes, long limitBytes) {
        this(segmentBytes, limitBytes, SMALL_PART);
    }

    LogLimits(long segmentBytes, long limitBytes, long keepFreeBytes) {
        this(segmentBytes, limitBytes, keepFreeBytes, PartsAhead.BYTES);
    }

    /** What stays free on a disk of this size. */
    long keepFreeOf(long totalBytes) {
        return keepFreeBytes == SMALL_PART ? Math.min(MOST, totalBytes / PARTS) : keepFreeBytes;
    }
}
