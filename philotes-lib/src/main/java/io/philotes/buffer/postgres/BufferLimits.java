// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

/**
 * Sizes in bytes.
 *
 * @param limitBytes at how many bytes append waits
 * @param segmentBytes at how many bytes a table is followed by the next
 * @param chunkBytes how much of an encoded batch one row holds
 */
record BufferLimits(long limitBytes, long segmentBytes, int chunkBytes) {}
