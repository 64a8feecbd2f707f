// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import io.philotes.benchmarks.run.Benchmark;
import io.philotes.benchmarks.run.CopyBenchmark;
import io.philotes.benchmarks.run.DrainBenchmark;
import io.philotes.benchmarks.run.GrowthBenchmark;
import io.philotes.benchmarks.run.StartBenchmark;
import io.philotes.benchmarks.run.TrickleBenchmark;
import io.philotes.benchmarks.workload.Workloads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All benchmarks. Stateless. */
public final class Benchmarks {

    private static final List<Benchmark> OTHERS = List.of(
            new CopyBenchmark("copy-narrow", Workloads.narrowRows(5_000_000)),
            new CopyBenchmark("copy-wide", Workloads.wideRows(1_000_000)),
            new TrickleBenchmark(Duration.ofSeconds(1)),
            new GrowthBenchmark(),
            new StartBenchmark());

    private Benchmarks() {}

    public static List<Benchmark> all() {
        return Stream.concat(Workloads.all().stream().map(DrainBenchmark::new), OTHERS.stream())
                .toList();
    }

    public static Optional<Benchmark> named(String name) {
        return all().stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
    }
}
