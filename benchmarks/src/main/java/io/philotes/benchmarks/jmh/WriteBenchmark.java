// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.jmh;

import io.philotes.model.ChangeBatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From a row in a batch to Parquet pages: converted, its key indexed, encoded; commits are not counted. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-Dlogback.configurationFile=benchmark-logback.xml"})
public class WriteBenchmark {

    private static final int BATCHES_BEFORE = 40;

    @Param({"insert", "update"})
    private String change;

    private WireRows rows;
    private OpenSink sink;
    private ChangeBatch batch;

    /** Updates find what is there already. */
    @Setup
    public void open() throws InterruptedException {
        rows = new WireRows();
        sink = new OpenSink();
        for (int i = 0; i < BATCHES_BEFORE; i++) {
            batch = rows.inserts();
            sink.write(batch);
        }
        sink.commit(batch.endLsn());
    }

    @Setup(Level.Invocation)
    public void makeBatch() {
        batch = change.equals("insert") ? rows.inserts() : rows.updates();
    }

    @Benchmark
    @OperationsPerInvocation(WireRows.BATCH)
    public void write() throws InterruptedException {
        sink.write(batch);
    }

    @TearDown(Level.Iteration)
    public void commit() throws InterruptedException {
        sink.commit(batch.endLsn());
    }

    @TearDown
    public void close() {
        sink.close();
    }
}
