// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

/**
 * What a part answers. Immutable.
 *
 * @param opening when it began to open what it needs
 * @param ready when it had that
 * @param done when it had everything
 * @param peakHeapBytes the most that was on its heap, garbage too
 * @param peakLiveHeapBytes the most that a garbage collection left there
 */
public record PartReport(Moment opening, Moment ready, Moment done, long peakHeapBytes, long peakLiveHeapBytes) {}
