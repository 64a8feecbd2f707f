// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

/**
 * Sizes of a {@link SegmentLog}, in bytes.
 *
 * @param segmentBytes at which a segment is followed by the next
 * @param limitBytes at which the log is full
 * @param keepFreeBytes what stays free on the disk; {@link #SMALL_PART} for a small part of it
 */
record LogLimits(long segmentBytes, long limitBytes, long keepFreeBytes) {

    static final long SMALL_PART = -1;

    private static final long MOST = 64L << 20;
    private static final int PARTS = 20;

    LogLimits(long segmentBytes, long limitBytes) {
        this(segmentBytes, limitBytes, SMALL_PART);
    }

    /** What stays free on a disk of this size. */
    long keepFreeOf(long totalBytes) {
        return keepFreeBytes == SMALL_PART ? Math.min(MOST, totalBytes / PARTS) : keepFreeBytes;
    }
}
