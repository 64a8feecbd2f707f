// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.jmh;

import io.philotes.model.ChangeBatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One row written and committed: what a commit costs that has next to nothing in it, on a local catalog. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-Dlogback.configurationFile=benchmark-logback.xml"})
public class CommitBenchmark {

    private WireRows rows;
    private OpenSink sink;

    @Setup
    public void open() {
        rows = new WireRows();
        sink = new OpenSink();
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public void commit() throws InterruptedException {
        ChangeBatch batch = rows.inserts(1);
        sink.write(batch);
        sink.commit(batch.endLsn());
    }

    @TearDown
    public void close() {
        sink.close();
    }
}
