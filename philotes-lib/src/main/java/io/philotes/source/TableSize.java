// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

/**
 * A table's size by the planner's statistics. Immutable.
 *
 * @param rows about how many rows; -1 when the table was never analysed
 * @param bytes bytes of the heap and its TOAST table
 */
public record TableSize(long rows, long bytes) {}
