// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.result;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One part, measured once, from outside. Immutable.
 *
 * @param changes how many row changes it took
 * @param startMicros from the start of its JVM until the clock ran
 * @param drainMicros from then until it had everything
 * @param cpuMicros CPU time of its JVM while it drained; empty where that cannot be seen
 * @param walsenderCpuMicros the same of the walsender
 * @param memory the most that it took
 * @param load the machine's load average when it began
 */
public record PartRun(
        long changes,
        long startMicros,
        long drainMicros,
        OptionalLong cpuMicros,
        OptionalLong walsenderCpuMicros,
        PartMemory memory,
        double load) {

    public double rowsPerSecond() {
        return changes * 1e6 / drainMicros;
    }

    double ratioTo(PartRun other) {
        return rowsPerSecond() / other.rowsPerSecond();
    }

    Optional<Double> cpuMicrosPerRow() {
        return perRow(cpuMicros);
    }

    Optional<Double> walsenderMicrosPerRow() {
        return perRow(walsenderCpuMicros);
    }

    private Optional<Double> perRow(OptionalLong micros) {
        return micros.isPresent() ? Optional.of(micros.getAsLong() / (double) changes) : Optional.empty();
    }
}
