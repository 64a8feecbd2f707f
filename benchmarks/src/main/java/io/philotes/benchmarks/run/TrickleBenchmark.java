// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.lake.VisibleKeys;
import io.philotes.benchmarks.part.PartKind;
import io.philotes.benchmarks.result.Latency;
import io.philotes.benchmarks.result.Repetition;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.workload.CheckedColumn;
import io.philotes.benchmarks.workload.ColumnKind;
import io.philotes.benchmarks.workload.SourceTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How fresh the lake is: a hundred small transactions a second, and for each the time from when its client knew that it was committed
 * until a reader finds it. The first five seconds do not count. Immutable.
 *
 * @param interval of commits, unless another was asked for
 */
public record TrickleBenchmark(Duration interval) implements Benchmark {

    private static final int PER_SECOND = 100;
    private static final int UNCOUNTED = 5 * PER_SECOND;
    private static final int DEFAULT_COUNTED = 45 * PER_SECOND;

    private static final SourceTable TABLE = new SourceTable(
            "trickle",
            "(id bigint PRIMARY KEY, note text NOT NULL)",
            List.of(new CheckedColumn("id", ColumnKind.INTEGER), new CheckedColumn("note", ColumnKind.TEXT)));

    @Override
    public String name() {
        return "trickle";
    }

    /** {@link BenchmarkOptions#rows} are the transactions that count; once, whatever {@link BenchmarkOptions#repeats}. */
    @Override
    public Result run(BenchmarkOptions asked, Progress progress)
            throws IOException, SQLException, InterruptedException {
        BenchmarkOptions options =
                asked.withCommitInterval(asked.commitInterval().orElse(interval));
        int rows = (int) options.rowsOr(DEFAULT_COUNTED);
        String every = options.commitInterval().orElseThrow().toMillis() + " ms commit interval";
        progress.say(name() + ": " + rows + " transactions, " + PER_SECOND + " a second, " + every);
        try (Site site = Site.open(options, name(), List.of(TABLE));
                FollowedPart part = FollowedPart.start(
                        new PartJvm(PartJvm.HEAP, options.recordingOf(1), site.log("philotes")),
                        site.spec(PartKind.PHILOTES, Site.NAME, UNCOUNTED + rows),
                        site.slots())) {
            double[] millis = run(site, UNCOUNTED + rows);
            Repetition repetition = Repetition.alone(part.measured(), site.lakeSize());
            try (Lake lake = site.openLake()) {
                EqualityGuard.of(site.source(), List.of(TABLE)).require(lake);
            }
            Latency latency = new Latency(at(millis, 0.5), at(millis, 0.99));
            return new Result(name(), every, List.of(repetition), Optional.of(latency), Map.of());
        }
    }

    private static double[] run(Site site, int rows) throws SQLException, InterruptedException {
        long[] committedAt = new long[rows + 1];
        try (FreshnessWatch watch = FreshnessWatch.start(new VisibleKeys(site.lake(), TABLE, "id"), rows);
                Connection connection = site.source().connect();
                Statement settings = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + TABLE.qualified() + " VALUES (?, md5(?::text))")) {
            // Otherwise the WAL reaches the disk, and so the walsender, up to half a second later.
            settings.execute("SET synchronous_commit TO on");
            long begin = System.nanoTime();
            for (int key = 1; key <= rows; key++) {
                LockSupport.parkNanos(begin + TimeUnit.SECONDS.toNanos(key) / PER_SECOND - System.nanoTime());
                insert.setLong(1, key);
                insert.setLong(2, key);
                insert.executeUpdate();
                committedAt[key] = System.nanoTime();
            }
            watch.awaitVisible(rows);
            return watch.latencies(committedAt, UNCOUNTED + 1);
        }
    }

    private static double at(double[] ascending, double share) {
        return ascending[(int) Math.min(ascending.length - 1, Math.ceil(ascending.length * share) - 1)];
    }
}
