// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.result;

import java.util.OptionalLong;

/**
 * The most memory that a part's process took. Immutable.
 *
 * @param peakHeapBytes on its heap, garbage too
 * @param peakLiveHeapBytes that a garbage collection left on its heap; 0 when there was none
 * @param peakRssBytes resident; empty where that cannot be seen
 */
public record PartMemory(long peakHeapBytes, long peakLiveHeapBytes, OptionalLong peakRssBytes) {}
