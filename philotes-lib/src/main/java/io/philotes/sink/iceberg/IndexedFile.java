// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

/**
 * A data file whose live rows an index knows, as its checkpoint says it. Immutable.
 *
 * @param location where the file is
 * @param ordinal its number in the entries of the index
 * @param tombstones positions of rows that say that they were deleted
 */
record IndexedFile(String location, int ordinal, long[] tombstones) {}
