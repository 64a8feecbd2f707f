// SPDX-License-Identifier: Apache-2.0

/**
 * A buffer in local files that survives the process. Start with {@link io.philotes.buffer.disk.DiskBuffer}; the format of
 * the files is drawn in {@code SegmentHeader}, {@code RecordFormat} and {@code StateFile}.
 */
package io.philotes.buffer.disk;
