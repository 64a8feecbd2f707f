// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import java.util.OptionalLong;

/**
 * One part, measured once, from outside. Immutable.
 *
 * @param changes how many row changes it took
 * @param startMicros from the start of its JVM until it had the slot
 * @param drainMicros from then until it had everything
 * @param cpuMicros CPU time of its JVM while it drained; empty where that cannot be seen
 * @param walsenderCpuMicros the same of the walsender
 * @param peakHeapBytes the most that was on its heap
 * @param peakLiveHeapBytes the most that a garbage collection left there
 * @param peakRssBytes the most memory that it had resident
 * @param load the machine's load average when it began
 */
public record PartRun(
        long changes,
        long startMicros,
        long drainMicros,
        OptionalLong cpuMicros,
        OptionalLong walsenderCpuMicros,
        long peakHeapBytes,
        long peakLiveHeapBytes,
        OptionalLong peakRssBytes,
        double load) {

    public double rowsPerSecond() {
        return changes * 1e6 / drainMicros;
    }
}
