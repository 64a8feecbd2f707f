// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

/**
 * What a part answers. Immutable.
 *
 * @param doneAtMicros when it had everything, µs since 1970
 * @param changes how many row changes it counted
 * @param peakHeapBytes the most that was on its heap, garbage too
 * @param peakLiveHeapBytes the most that a garbage collection left there
 */
public record PartReport(long doneAtMicros, long changes, long peakHeapBytes, long peakLiveHeapBytes) {}
