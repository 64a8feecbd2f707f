// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.part.PartReport;
import io.philotes.benchmarks.part.PartSpec;
import io.philotes.benchmarks.server.ProcessCost;
import io.philotes.benchmarks.server.Slots;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * Runs a part and measures it: the clock runs from the moment that the server has the part's slot active, seen within two
 * milliseconds, to the moment that the part has everything. For one thread.
 */
final class PartMeter {

    private static final long LOOK_MILLIS = 2;

    private final Slots slots;

    PartMeter(Slots slots) {
        this.slots = slots;
    }

    PartRun run(PartJvm jvm, PartSpec spec) throws IOException, SQLException, InterruptedException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        long launchedAt = nowMicros();
        try (PartProcess part = PartProcess.start(jvm, spec)) {
            long walsender = awaitWalsender(part, spec.slot());
            long activeAt = nowMicros();
            OptionalLong cpuBefore = ProcessCost.cpuMicros(part.pid());
            OptionalLong walsenderBefore = ProcessCost.cpuMicros(walsender);
            PartReport report = part.report();
            PartRun run = new PartRun(
                    report.changes(),
                    activeAt - launchedAt,
                    report.doneAtMicros() - activeAt,
                    minus(ProcessCost.cpuMicros(part.pid()), cpuBefore),
                    minus(ProcessCost.cpuMicros(walsender), walsenderBefore),
                    report.peakHeapBytes(),
                    report.peakLiveHeapBytes(),
                    ProcessCost.peakResidentBytes(part.pid()),
                    load);
            part.finish();
            return run;
        }
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

    private static OptionalLong minus(OptionalLong after, OptionalLong before) {
        return after.isPresent() && before.isPresent()
                ? OptionalLong.of(after.getAsLong() - before.getAsLong())
                : OptionalLong.empty();
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
