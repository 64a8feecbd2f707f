// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.jmh;

import io.philotes.benchmarks.lake.DirectoryCopy;
import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** A row's way through a buffer: appended, as durable as that buffer gets, read and trimmed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-Dlogback.configurationFile=benchmark-logback.xml"})
public class AppendBenchmark {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Param({"memory", "disk"})
    private String buffer;

    private final WireRows rows = new WireRows();
    private Path directory;
    private ChangeBuffer opened;
    private BufferReader reader;
    private ChangeBatch batch;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("append-benchmark-");
        opened = buffer.equals("disk")
                ? DiskBuffer.builder(directory.resolve("buffer")).build()
                : MemoryBuffer.bounded(MemoryBuffer.DEFAULT_LIMIT_BYTES);
        opened.open("benchmark");
        opened.startAt(new Lsn(1));
        reader = opened.reader("sink", new Lsn(1));
    }

    @Setup(Level.Invocation)
    public void makeBatch() {
        batch = rows.inserts();
    }

    @Benchmark
    @OperationsPerInvocation(WireRows.BATCH)
    public ChangeBatch append() throws InterruptedException {
        if (!opened.append(batch, PATIENCE)) {
            throw new IllegalStateException("the buffer is full");
        }
        ChangeBatch read = reader.poll(PATIENCE);
        opened.trim(read.endLsn());
        return read;
    }

    @TearDown
    public void close() {
        reader.close();
        opened.close();
        DirectoryCopy.remove(directory);
    }
}
