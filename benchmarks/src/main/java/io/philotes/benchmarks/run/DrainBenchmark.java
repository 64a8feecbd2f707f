// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.result.Repetition;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.workload.Workload;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How fast a backlog is drained, beside what the wire can carry and beside Debezium. Immutable. */
public record DrainBenchmark(Workload workload) implements Benchmark {

    @Override
    public String name() {
        return workload.name();
    }

    @Override
    public Result run(BenchmarkOptions options, Progress progress)
            throws IOException, SQLException, InterruptedException {
        long rows = options.rowsOr(workload.defaultRows());
        try (Drain drain = Drain.prepare(options, workload, rows, progress)) {
            List<Repetition> repetitions = new ArrayList<>();
            for (int i = 1; i <= options.repeats(); i++) {
                repetitions.add(drain.repeat(i));
                progress.tell(name(), i, repetitions.get(i - 1));
            }
            return new Result(name(), options.variant(), repetitions);
        }
    }
}
