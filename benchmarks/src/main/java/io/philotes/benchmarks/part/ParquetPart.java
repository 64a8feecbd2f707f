// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import io.philotes.benchmarks.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/**
 * Writes rows that are in memory into Parquet files, column by column and without an object for a row or a value, compressed as
 * Philotes compresses, by as many threads as there are processors: nothing that runs on the JVM writes these files faster.
 */
final class ParquetPart implements Part {

    private static final int STEP = 1_000;
    private static final long ROW_GROUP_BYTES = 128L << 20;

    private final MemoryRows memory;
    private final Path directory;
    private final long rows;

    private ParquetPart(MemoryRows memory, Path directory, long rows) {
        this.memory = memory;
        this.directory = directory;
        this.rows = rows;
    }

    /** Takes the rows from the lake, where Philotes has written them. */
    static ParquetPart open(PartSpec spec) throws IOException {
        String table = spec.tables().get(0);
        try (Lake lake = new Lake(Path.of(spec.lake()))) {
            Path file = lake.anyDataFile(table.substring(table.indexOf('.') + 1));
            Path directory = Files.createDirectories(Path.of(spec.state()));
            return new ParquetPart(MemoryRows.of(file), directory, spec.changes());
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

    private void write(Path file, long count) throws IOException {
        ParquetProperties properties = ParquetProperties.builder().build();
        CompressionCodecFactory codecs = new CodecFactory(
                new PlainParquetConfiguration(Map.of("parquet.compression.codec.zstd.level", "1")),
                properties.getPageSizeThreshold());
        try (ParquetFileWriter writer = new ParquetFileWriter(
                new LocalOutputFile(file),
                memory.schema(),
                ParquetFileWriter.Mode.OVERWRITE,
                ROW_GROUP_BYTES,
                0,
                null,
                properties)) {
            writer.start();
            for (long written = 0; written < count; ) {
                written += writeRowGroup(writer, codecs, properties, count - written);
            }
            writer.end(Map.of());
        } finally {
            codecs.release();
        }
    }

    private long writeRowGroup(
            ParquetFileWriter writer, CompressionCodecFactory codecs, ParquetProperties properties, long count)
            throws IOException {
        ColumnChunkPageWriteStore pages = new ColumnChunkPageWriteStore(
                codecs.getCompressor(CompressionCodecName.ZSTD),
                memory.schema(),
                properties.getAllocator(),
                properties.getColumnIndexTruncateLength(),
                properties.getPageWriteChecksumEnabled());
        ColumnWriteStore columns = properties.newColumnWriteStore(memory.schema(), pages, pages);
        long written = 0;
        while (written < count && columns.getBufferedSize() < ROW_GROUP_BYTES) {
            written += writeStep(columns, (int) (written % memory.rows()), count - written);
        }
        writer.startBlock(written);
        columns.flush();
        pages.flushToFileWriter(writer);
        writer.endBlock();
        columns.close();
        return written;
    }

    private int writeStep(ColumnWriteStore columns, int from, long most) {
        int to = (int) Math.min(memory.rows(), from + Math.min(STEP, most));
        for (MemoryColumn column : memory.columns()) {
            column.write(columns.getColumnWriter(column.descriptor()), from, to);
        }
        for (int row = from; row < to; row++) {
            columns.endRecord();
        }
        return to - from;
    }

    @Override
    public void close() {}
}
