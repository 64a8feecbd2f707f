// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.result.PartRun;
import io.philotes.benchmarks.result.Repetition;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.result.Spread;
import io.philotes.benchmarks.workload.Workloads;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How fast the same changes of a table are drained when it has ten times as many rows. Immutable. */
public record GrowthBenchmark() implements Benchmark {

    private static final long DEFAULT_ROWS = 10_000_000;
    private static final int FACTOR = 10;

    @Override
    public String name() {
        return "growth";
    }

    /** {@link BenchmarkOptions#rows} are those of the larger table; a tenth of them are changed. */
    @Override
    public Result run(BenchmarkOptions options, Progress progress)
            throws IOException, SQLException, InterruptedException {
        long large = options.rowsOr(DEFAULT_ROWS);
        long changes = large / FACTOR;
        try (Drain small = Drain.prepare(options, Workloads.updates("growth-small", changes), changes, progress);
                Drain big = Drain.prepare(options, Workloads.updates("growth-large", large), changes, progress)) {
            List<Repetition> repetitions = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            List<Double> rates = new ArrayList<>();
            for (int i = 1; i <= options.repeats(); i++) {
                PartRun ofSmall = small.philotes(i).philotes();
                Repetition ofLarge = big.philotes(i);
                rates.add(ofSmall.rowsPerSecond());
                ratios.add(ofLarge.philotes().rowsPerSecond() / ofSmall.rowsPerSecond());
                repetitions.add(ofLarge);
                progress.say(name() + ": " + i + ": ratio " + ratios.get(i - 1));
            }
            Map<String, Spread> others = Map.of(
                    "smallTableRowsPerSecond", Spread.of(rates),
                    "ratioToSmallTable", Spread.of(ratios));
            return new Result(name(), options.variant(), repetitions, Optional.empty(), others);
        }
    }
}
