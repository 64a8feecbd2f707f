// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.jmh;

import io.philotes.benchmarks.lake.DirectoryCopy;
import io.philotes.model.TableId;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.index.LongKeyIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A key's lookup and its move to another row, in an index of keys that came one after the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-Dlogback.configurationFile=benchmark-logback.xml"})
public class IndexBenchmark {

    private static final long LIMIT_BYTES = 256L << 20;
    private static final int KEYS_PER_FILE = 1_000_000;

    @Param({"1000000", "10000000"})
    private int keys;

    private final SplittableRandom random = new SplittableRandom(1);
    private Path directory;
    private LongKeyIndex index;

    @Setup
    public void fill() throws IOException {
        directory = Files.createTempDirectory("index-benchmark-");
        index = new LongKeyIndex(new IndexMemory(LIMIT_BYTES, directory).forTable(new TableId("public", "rows")));
        for (long key = 0; key < keys; key++) {
            index.put(0, key, Location.of((int) (key / KEYS_PER_FILE), key % KEYS_PER_FILE));
        }
    }

    @Benchmark
    public long find() {
        return index.find(0, random.nextInt(keys));
    }

    @Benchmark
    public long move() {
        long key = random.nextInt(keys);
        long from = index.find(0, key);
        index.put(0, key, Location.of(Location.ordinal(from), Location.position(from) ^ 1));
        return from;
    }

    @TearDown
    public void release() {
        index.release();
        DirectoryCopy.remove(directory);
    }
}
