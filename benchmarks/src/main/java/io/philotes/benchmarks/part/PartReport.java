// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

/**
 * What a part answers. Immutable.
 *
 * @param openedAtMicros when it began to open what it needs, µs since 1970
 * @param drainedFromMicros when it had that
 * @param doneAtMicros when it had everything
 * @param peakHeapBytes the most that was on its heap, garbage too
 * @param peakLiveHeapBytes the most that a garbage collection left there
 */
public record PartReport(
        long openedAtMicros, long drainedFromMicros, long doneAtMicros, long peakHeapBytes, long peakLiveHeapBytes) {}
