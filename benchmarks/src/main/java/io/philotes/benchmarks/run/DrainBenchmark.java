// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.part.PartKind;
import io.philotes.benchmarks.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets the parts drain the same WAL, one after the other, again and again: Philotes is brought to where it follows the loaded
 * tables and stopped; then the changes are made; then each part begins at that place. For one thread.
 */
public final class DrainBenchmark {

    /** What Philotes must do with. */
    static final String HEAP = "512m";

    private static final String LIMIT_SLOT = "philotes_benchmark_limit";

    private final BenchmarkOptions options;
    private final Workload workload;
    private final Progress progress;

    public DrainBenchmark(BenchmarkOptions options, Workload workload, Progress progress) {
        this.options = options;
        this.workload = workload;
        this.progress = progress;
    }

    /** @throws BenchmarkException when a part fails, or the lake is not equal to the source */
    public List<Repetition> run() throws IOException, SQLException, InterruptedException {
        long rows = options.rows().orElse(workload.defaultRows());
        try (Site site = Site.open(options, workload)) {
            progress.say(workload.name() + ": loads tables");
            workload.load(site.source(), rows);
            prepare(site);
            progress.say(workload.name() + ": makes " + rows + " changes");
            long changes = workload.change(site.source(), rows);
            site.source().execute("VACUUM ANALYZE", "CHECKPOINT");
            EqualityGuard guard = EqualityGuard.of(site.source(), workload.tables());
            List<Repetition> repetitions = new ArrayList<>();
            for (int i = 1; i <= options.repeats(); i++) {
                repetitions.add(repeat(site, changes, guard, i));
            }
            return repetitions;
        }
    }

    private void prepare(Site site) throws IOException, SQLException, InterruptedException {
        new PartMeter(site.slots()).run(jvm(site, "prepare", 0), site.spec(PartKind.PHILOTES, Site.NAME, 0));
        site.keepOrigin();
    }

    private Repetition repeat(Site site, long changes, EqualityGuard guard, int number)
            throws IOException, SQLException, InterruptedException {
        PartMeter meter = new PartMeter(site.slots());
        site.slots().copyOrigin(LIMIT_SLOT);
        PartRun limit = meter.run(jvm(site, "limit", 0), site.spec(PartKind.LIMIT, LIMIT_SLOT, changes));
        site.slots().drop(LIMIT_SLOT);
        site.restoreOrigin();
        PartRun philotes = meter.run(jvm(site, "philotes", number), site.spec(PartKind.PHILOTES, Site.NAME, changes));
        try (Lake lake = site.openLake()) {
            guard.require(lake);
        }
        Repetition repetition = new Repetition(limit, philotes, Optional.empty(), site.lakeSize());
        progress.say(String.format(
                "%s: %d of %d: limit %,.0f, Philotes %,.0f rows/s, ratio %.2f, load %.1f",
                workload.name(),
                number,
                options.repeats(),
                limit.rowsPerSecond(),
                philotes.rowsPerSecond(),
                repetition.ratioToLimit(),
                philotes.load()));
        return repetition;
    }

    /** @param number of the repetition; 0 for what is not recorded */
    private PartJvm jvm(Site site, String part, int number) {
        Optional<Path> recording = number == 0 ? Optional.empty() : options.recordingOf(number);
        return new PartJvm(HEAP, recording, site.log(part + number));
    }
}
