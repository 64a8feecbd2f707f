// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.result.PartMemory;
import io.philotes.benchmarks.result.PartRun;
import io.philotes.benchmarks.result.Repetition;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.result.Spread;
import io.philotes.benchmarks.server.ProcessCost;
import io.philotes.benchmarks.workload.CheckedColumn;
import io.philotes.benchmarks.workload.ColumnKind;
import io.philotes.benchmarks.workload.SourceTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NoSuchTableException;

/**
 * How long the runner takes from the start of its process until a reader finds the first change: with an empty source table, a
 * lake that is not there yet, and a change that is made as soon as the slot is followed. Immutable.
 */
public record StartBenchmark() implements Benchmark {

    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 5;

    private static final SourceTable TABLE =
            new SourceTable("first", "(id bigint PRIMARY KEY)", List.of(new CheckedColumn("id", ColumnKind.INTEGER)));

    @Override
    public String name() {
        return "start";
    }

    @Override
    public Result run(BenchmarkOptions asked, Progress progress)
            throws IOException, SQLException, InterruptedException {
        BenchmarkOptions options =
                asked.withCommitInterval(asked.commitInterval().orElse(COMMIT_INTERVAL));
        try (Site site = Site.open(options, name(), List.of(TABLE))) {
            Installation installation = Installation.here();
            installation.prepare(site.log("installation"), progress);
            List<Repetition> repetitions = new ArrayList<>();
            List<Double> seconds = new ArrayList<>();
            for (int i = 1; i <= options.repeats(); i++) {
                repetitions.add(repeat(options, site, installation));
                seconds.add(repetitions.get(i - 1).philotes().drainMicros() / 1e6);
                progress.say(name() + ": " + i + ": first change after " + seconds.get(i - 1) + " s");
            }
            Map<String, Spread> others = Map.of("secondsToFirstCommit", Spread.of(seconds));
            String every = options.commitInterval().orElseThrow().toMillis() + " ms commit interval";
            return new Result(name(), every, repetitions, Optional.empty(), others);
        }
    }

    private static Repetition repeat(BenchmarkOptions options, Site site, Installation installation)
            throws IOException, SQLException, InterruptedException {
        site.clearPipeline();
        site.source().execute("TRUNCATE " + TABLE.qualified());
        List<String> arguments = RunnerCommand.of(site, options, TABLE);
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        long launchedAt = System.nanoTime();
        Process runner = installation.start(arguments, site.log("runner"));
        try {
            awaitSlot(site, runner);
            long followsAt = System.nanoTime();
            // Otherwise the WAL reaches the disk, and so the walsender, up to half a second later.
            site.source().execute("SET synchronous_commit TO on", "INSERT INTO " + TABLE.qualified() + " VALUES (1)");
            awaitFirst(site, runner);
            long micros = (System.nanoTime() - launchedAt) / 1_000;
            PartMemory memory = new PartMemory(0, 0, ProcessCost.peakResidentBytes(runner.pid()));
            PartRun run = new PartRun(
                    1,
                    (followsAt - launchedAt) / 1_000,
                    micros,
                    ProcessCost.cpuMicros(runner.pid()),
                    OptionalLong.empty(),
                    memory,
                    load);
            try (Lake lake = site.openLake()) {
                EqualityGuard.of(site.source(), List.of(TABLE)).require(lake);
            }
            return Repetition.alone(run, site.lakeSize());
        } finally {
            runner.destroy();
            if (!runner.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                runner.destroyForcibly();
            }
        }
    }

    private static void awaitSlot(Site site, Process runner) throws IOException, SQLException, InterruptedException {
        while (site.slots().walsender(Site.NAME).isEmpty()) {
            requireAlive(site, runner);
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Looks as cheaply as can be, for it shares the processors with the runner. */
    private static void awaitFirst(Site site, Process runner) throws IOException, InterruptedException {
        try (Lake lake = site.openLake()) {
            Table table = awaitTable(lake, site, runner);
            while (isEmpty(table.currentSnapshot())) {
                requireAlive(site, runner);
                Thread.sleep(LOOK_MILLIS);
                table.refresh();
            }
        }
    }

    private static Table awaitTable(Lake lake, Site site, Process runner) throws IOException, InterruptedException {
        while (true) {
            try {
                return lake.table(TABLE);
            } catch (NoSuchTableException notYet) {
                requireAlive(site, runner);
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private static boolean isEmpty(Snapshot snapshot) {
        return snapshot == null
                || snapshot.summary()
                        .getOrDefault(SnapshotSummary.TOTAL_DATA_FILES_PROP, "0")
                        .equals("0");
    }

    private static void requireAlive(Site site, Process runner) throws IOException {
        if (!runner.isAlive()) {
            Path log = site.log("runner");
            throw new BenchmarkException("The runner ended: " + Files.readString(log));
        }
    }
}
