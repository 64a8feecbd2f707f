// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What Linux says that a process took. Stateless. */
public final class ProcessCost {

    /** Linux counts in hundredths of a second towards user space, on every platform that it has a JVM for. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final String PEAK = "VmHWM:";

    private ProcessCost() {}

    /** CPU time since its start, µs, of all its threads; empty when there is no such process, or this is not Linux. */
    public static OptionalLong cpuMicros(long pid) {
        return cpuMicros(pid, "");
    }

    /** The same of a server process, which is another machine's when none of that number is PostgreSQL's here. */
    public static OptionalLong serverCpuMicros(long pid) {
        return cpuMicros(pid, "(postgres)");
    }

    private static OptionalLong cpuMicros(long pid, String name) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            if (!stat.contains(name)) {
                return OptionalLong.empty();
            }
            // The name, in parentheses, may hold anything; the state is the first field behind it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
            return OptionalLong.of(ticks * MICROS_PER_TICK);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The most memory that it had resident at a time, bytes; empty as {@link #cpuMicros}. */
    public static OptionalLong peakResidentBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(PEAK))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
