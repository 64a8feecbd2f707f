// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.part.PartKind;
import io.philotes.benchmarks.part.PartSpec;
import io.philotes.benchmarks.result.PartRun;
import io.philotes.benchmarks.result.Repetition;
import io.philotes.benchmarks.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Lets the parts drain the same WAL, one after the other, as often as one likes. Philotes was brought to where it follows the loaded
 * tables and has seen a change of each, and stopped; then the changes were made; each part begins at that place. For one thread.
 */
final class Drain implements AutoCloseable {

    private static final String LIMIT_SLOT = "philotes_benchmark_limit";
    private static final String DEBEZIUM_SLOT = "philotes_benchmark_debezium";

    private final BenchmarkOptions options;
    private final Site site;
    private final PartMeter meter;
    private final long changes;
    private final EqualityGuard guard;

    private Drain(BenchmarkOptions options, Site site, long changes, EqualityGuard guard) {
        this.options = options;
        this.site = site;
        this.meter = new PartMeter(site.slots());
        this.changes = changes;
        this.guard = guard;
    }

    /** Makes {@code rows} changes that wait to be drained. */
    static Drain prepare(BenchmarkOptions options, Workload workload, long rows, Progress progress)
            throws IOException, SQLException, InterruptedException {
        Site site = Site.open(options, workload.name(), workload.tables());
        try {
            progress.say(workload.name() + ": fills tables, and makes " + rows + " changes");
            workload.load(site.source(), rows);
            follow(site);
            workload.touch(site.source());
            follow(site);
            site.keepOrigin();
            long changes = workload.change(site.source(), rows);
            site.settleSource();
            return new Drain(options, site, changes, EqualityGuard.of(site.source(), workload.tables()));
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            site.close();
            throw e;
        }
    }

    private static void follow(Site site) throws IOException, SQLException, InterruptedException {
        new PartMeter(site.slots())
                .follow(site.jvm("prepare", PartJvm.HEAP), site.spec(PartKind.PHILOTES, Site.NAME, 0));
    }

    /** Each part once. */
    Repetition repeat(int number) throws IOException, SQLException, InterruptedException {
        PartRun limit = follow(PartKind.LIMIT, LIMIT_SLOT, PartJvm.HEAP);
        Repetition alone = philotes(number);
        Optional<PartRun> debezium = options.withDebezium(number)
                ? Optional.of(follow(PartKind.DEBEZIUM, DEBEZIUM_SLOT, PartJvm.DEBEZIUM_HEAP))
                : Optional.empty();
        return new Repetition(Optional.of(limit), alone.philotes(), debezium, alone.lake());
    }

    /** Philotes once. */
    Repetition philotes(int number) throws IOException, SQLException, InterruptedException {
        site.restoreOrigin();
        Optional<Path> recording = options.recordingOf(number);
        PartSpec spec = site.spec(PartKind.PHILOTES, Site.NAME, changes);
        PartRun run = meter.follow(new PartJvm(PartJvm.HEAP, recording, site.log("philotes")), spec);
        try (Lake lake = site.openLake()) {
            guard.require(lake);
        }
        return Repetition.alone(run, site.lakeSize());
    }

    private PartRun follow(PartKind kind, String slot, String heap)
            throws IOException, SQLException, InterruptedException {
        site.slots().copyOrigin(slot);
        try {
            return meter.follow(site.jvm(slot, heap), site.spec(kind, slot, changes));
        } finally {
            site.slots().drop(slot);
        }
    }

    @Override
    public void close() throws SQLException {
        site.close();
    }
}
