// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

/** Sizes of a {@link SegmentLog}, in bytes: at which a segment is followed by the next, and at which the log is full. */
record LogLimits(long segmentBytes, long limitBytes) {}
