// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.part.PartReport;
import io.philotes.benchmarks.part.PartSpec;
import io.philotes.benchmarks.result.PartMemory;
import io.philotes.benchmarks.result.PartRun;
import io.philotes.benchmarks.server.ProcessCost;
import io.philotes.benchmarks.server.Slots;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Philotes as it follows: has all that was there, and goes on while something else happens. For one thread. */
final class FollowedPart implements AutoCloseable {

    private final PartProcess process;
    private final long changes;
    private final OptionalLong walsender;
    private final double load;
    private final long startMicros;
    private final long from;
    private final OptionalLong cpuBefore;
    private final OptionalLong walsenderBefore;

    private FollowedPart(PartProcess process, PartSpec spec, Slots slots, long launchedAt, double load)
            throws IOException, SQLException {
        this.process = process;
        this.load = load;
        this.changes = spec.changes();
        process.report();
        this.walsender = slots.walsender(spec.slot());
        this.from = System.nanoTime();
        this.startMicros = (from - launchedAt) / 1_000;
        this.cpuBefore = ProcessCost.cpuMicros(process.pid());
        this.walsenderBefore = walsenderCpu();
    }

    /** Returns when it follows. */
    static FollowedPart start(PartJvm jvm, PartSpec spec, Slots slots) throws IOException, SQLException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        long launchedAt = System.nanoTime();
        PartProcess process = PartProcess.start(jvm, spec);
        try {
            return new FollowedPart(process, spec, slots, launchedAt, load);
        } catch (IOException | SQLException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private OptionalLong walsenderCpu() {
        return walsender.isPresent() ? ProcessCost.serverCpuMicros(walsender.getAsLong()) : OptionalLong.empty();
    }

    /** What it took since it follows; it ends then. */
    PartRun measured() throws IOException, InterruptedException {
        long micros = (System.nanoTime() - from) / 1_000;
        PartReport report = process.reportAgain();
        PartRun run = new PartRun(
                changes,
                startMicros,
                micros,
                PartMeter.minus(ProcessCost.cpuMicros(process.pid()), cpuBefore),
                PartMeter.minus(walsenderCpu(), walsenderBefore),
                new PartMemory(
                        report.peakHeapBytes(),
                        report.peakLiveHeapBytes(),
                        ProcessCost.peakResidentBytes(process.pid())),
                load);
        process.finish();
        return run;
    }

    @Override
    public void close() {
        process.close();
    }
}
