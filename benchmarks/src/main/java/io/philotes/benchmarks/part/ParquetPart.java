// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.sink.iceberg.internal.parquet.ColumnFile;
import io.philotes.sink.iceberg.internal.parquet.FileShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.OutputFile;

/**
 * Writes rows that are in memory into Parquet files, by as many threads as there are processors: with Philotes' own writer of
 * columns, the fastest that there is, and without what comes before it: no source, no conversion, no row of its own.
 */
final class ParquetPart implements Part {

    private final Table table;
    private final FileShape shape;
    private final MemoryRows memory;
    private final Path directory;
    private final long rows;

    private ParquetPart(Table table, MemoryRows memory, Path directory, long rows) {
        this.table = table;
        this.shape = FileShape.of(table, table.schema()).orElseThrow();
        this.memory = memory;
        this.directory = directory;
        this.rows = rows;
    }

    /** Takes the rows from the lake, where Philotes has written them. */
    static ParquetPart open(PartSpec spec) throws IOException {
        String name = spec.tables().get(0);
        try (Lake lake = new Lake(Path.of(spec.lake()))) {
            String table = name.substring(name.indexOf('.') + 1);
            Path directory = Files.createDirectories(Path.of(spec.state()));
            return new ParquetPart(
                    lake.table(table), MemoryRows.of(lake.anyDataFile(table)), directory, spec.changes());
        }
    }

    @Override
    public void drain() throws InterruptedException, ExecutionException {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService writers = Executors.newFixedThreadPool(threads);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Path file = directory.resolve("limit-" + i + ".parquet");
            long share = rows * (i + 1) / threads - rows * i / threads;
            running.add(writers.submit(() -> {
                write(file, share);
                return null;
            }));
        }
        for (Future<?> writer : running) {
            writer.get();
        }
        writers.shutdown();
    }

    private void write(Path path, long count) throws IOException {
        Files.deleteIfExists(path);
        OutputFile output = table.io().newOutputFile(path.toString());
        try (ColumnFile<Integer> file =
                new ColumnFile<>(shape, output, columns -> memory.writer(shape.message(), columns))) {
            for (long written = 0; written < count; written++) {
                file.add((int) (written % memory.rows()));
            }
        }
    }

    @Override
    public void close() {}
}
