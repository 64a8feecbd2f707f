// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.part.PartKind;
import io.philotes.benchmarks.part.PartSpec;
import io.philotes.benchmarks.result.PartRun;
import io.philotes.benchmarks.result.Repetition;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.workload.Workload;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How fast a table is copied for the first time, from the begin of opening the pipeline until the copy is committed and the stream
 * followed; beside writing such rows from memory, and beside Debezium's reading of them. Immutable.
 *
 * @param name of the benchmark
 * @param workload whose changes fill the table that is copied
 */
public record CopyBenchmark(String name, Workload workload) implements Benchmark {

    /** Debezium's rate does not depend on how many follow. */
    private static final long MOST_FOR_DEBEZIUM = 1_000_000;

    private static final String DEBEZIUM_SLOT = "philotes_benchmark_debezium";

    @Override
    public Result run(BenchmarkOptions options, Progress progress)
            throws IOException, SQLException, InterruptedException {
        long rows = options.rowsOr(workload.defaultRows());
        try (Site site = Site.open(options, name, workload.tables())) {
            progress.say(name + ": fills tables with " + rows + " rows");
            workload.change(site.source(), rows);
            site.settleSource();
            EqualityGuard guard = EqualityGuard.of(site.source(), workload.tables());
            List<Repetition> repetitions = new ArrayList<>();
            for (int i = 1; i <= options.repeats(); i++) {
                repetitions.add(repeat(options, site, rows, guard, i));
                progress.tell(name, i, repetitions.get(i - 1));
            }
            return new Result(name, options.variant(), repetitions);
        }
    }

    /** Philotes first: what is written from memory are rows that it wrote. */
    private Repetition repeat(BenchmarkOptions options, Site site, long rows, EqualityGuard guard, int number)
            throws IOException, SQLException, InterruptedException {
        PartMeter meter = new PartMeter(site.slots());
        site.clearPipeline();
        PartJvm jvm = new PartJvm(PartJvm.HEAP, options.recordingOf(number), site.log("philotes"));
        PartRun philotes = meter.copy(jvm, site.spec(PartKind.PHILOTES, Site.NAME, rows));
        try (Lake lake = site.openLake()) {
            guard.require(lake);
        }
        PartRun limit = meter.copy(site.jvm("limit", PartJvm.HEAP), site.spec(PartKind.PARQUET, Site.NAME, rows));
        Optional<PartRun> debezium =
                options.withDebezium(number) ? Optional.of(debezium(site, meter, rows)) : Optional.empty();
        return new Repetition(Optional.of(limit), philotes, debezium, site.lakeSize());
    }

    private static PartRun debezium(Site site, PartMeter meter, long rows)
            throws IOException, SQLException, InterruptedException {
        PartSpec spec = site.spec(PartKind.DEBEZIUM_COPY, DEBEZIUM_SLOT, Math.min(rows, MOST_FOR_DEBEZIUM));
        try {
            return meter.copy(site.jvm("debezium", PartJvm.DEBEZIUM_HEAP), spec);
        } finally {
            site.slots().drop(DEBEZIUM_SLOT);
        }
    }
}
