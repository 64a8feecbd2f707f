// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.part.PartKind;
import io.philotes.benchmarks.part.PartReport;
import io.philotes.benchmarks.part.PartSpec;
import io.philotes.benchmarks.result.PartMemory;
import io.philotes.benchmarks.result.PartRun;
import io.philotes.benchmarks.server.ProcessCost;
import io.philotes.benchmarks.server.Slots;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * Runs a part and measures it. For one thread.
 *
 * <p>What follows a slot is measured from the moment that the server has the slot active, seen within two milliseconds, what
 * reads or writes tables from the moment that its process begins to; both to the moment that it has everything.
 */
final class PartMeter {

    private static final long LOOK_MILLIS = 2;

    private final Slots slots;

    PartMeter(Slots slots) {
        this.slots = slots;
    }

    /** A part that follows a slot, through {@code changes} row changes. */
    PartRun follow(PartJvm jvm, PartSpec spec) throws IOException, SQLException, InterruptedException {
        double load = load();
        long launchedAt = nowMicros();
        try (PartProcess part = PartProcess.start(jvm, spec)) {
            long walsender = awaitWalsender(part, spec.slot());
            long activeAt = nowMicros();
            OptionalLong cpuBefore = ProcessCost.cpuMicros(part.pid());
            OptionalLong walsenderBefore = ProcessCost.serverCpuMicros(walsender);
            PartReport report = part.report();
            PartRun run = new PartRun(
                    spec.changes(),
                    activeAt - launchedAt,
                    report.doneAtMicros() - activeAt,
                    minus(ProcessCost.cpuMicros(part.pid()), cpuBefore),
                    minus(ProcessCost.serverCpuMicros(walsender), walsenderBefore),
                    memory(part, report),
                    load);
            part.finish();
            return run;
        }
    }

    /** A part that reads or writes {@code changes} rows of tables. What Parquet is given is in memory before its clock runs. */
    PartRun copy(PartJvm jvm, PartSpec spec) throws IOException, InterruptedException {
        double load = load();
        long launchedAt = nowMicros();
        try (PartProcess part = PartProcess.start(jvm, spec)) {
            PartReport report = part.report();
            long from = spec.kind() == PartKind.PARQUET ? report.drainedFromMicros() : report.openedAtMicros();
            PartRun run = new PartRun(
                    spec.changes(),
                    from - launchedAt,
                    report.doneAtMicros() - from,
                    ProcessCost.cpuMicros(part.pid()),
                    OptionalLong.empty(),
                    memory(part, report),
                    load);
            part.finish();
            return run;
        }
    }

    private static PartMemory memory(PartProcess part, PartReport report) {
        return new PartMemory(
                report.peakHeapBytes(), report.peakLiveHeapBytes(), ProcessCost.peakResidentBytes(part.pid()));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private long awaitWalsender(PartProcess part, String slot) throws SQLException, InterruptedException {
        OptionalLong walsender = slots.walsender(slot);
        while (walsender.isEmpty()) {
            part.requireAlive();
            Thread.sleep(LOOK_MILLIS);
            walsender = slots.walsender(slot);
        }
        return walsender.getAsLong();
    }

    static OptionalLong minus(OptionalLong after, OptionalLong before) {
        return after.isPresent() && before.isPresent()
                ? OptionalLong.of(after.getAsLong() - before.getAsLong())
                : OptionalLong.empty();
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
