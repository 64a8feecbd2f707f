// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * One Parquet file being written. The file is created with its first row group, so that one which never gets a row is never
 * there. Confined to one thread.
 *
 * @param <T> what a row is
 */
public final class ColumnFile<T> implements FileAppender<T> {

    /** Takes rows apart. */
    public interface RowWriter<T> {

        /** Adds one value or NULL to each column; throws before the first of them when the row cannot be written. */
        void write(T row);

        /** What Parquet's statistics do not tell Iceberg. */
        Stream<FieldMetrics<?>> metrics();
    }

    private static final int ROWS_BETWEEN_CHECKS = 500;
    private static final int INDEX_TRUNCATE_LENGTH = 64;

    private final FileShape shape;
    private final IcebergOutput output;
    private final ZstdPages compressor;
    private final FileColumns columns;
    private final RowWriter<T> rows;
    private final int rowsBetweenChecks;
    private ParquetFileWriter writer;
    private long rowsInGroup;
    private int untilCheck;
    private boolean closed;

    /** While something is written, and for ever when that failed: rows may be missing. */
    private boolean broken;

    /** @param rowWriter makes the writer of the file's columns */
    public ColumnFile(FileShape shape, OutputFile output, Function<FileColumns, RowWriter<T>> rowWriter) {
        this.shape = shape;
        this.output = new IcebergOutput(output);
        this.compressor = new ZstdPages(shape.zstdLevel());
        this.columns = new FileColumns(shape, compressor);
        this.rows = rowWriter.apply(columns);
        this.rowsBetweenChecks = Math.min(ROWS_BETWEEN_CHECKS, shape.pageRows());
        this.untilCheck = rowsBetweenChecks;
    }

    @Override
    public void add(T row) {
        columns.beginRow();
        rows.write(row);
        columns.endRow();
        rowsInGroup++;
        // Wide values are not waited for: five hundred of a megabyte each would be in one page.
        if (--untilCheck == 0 || columns.hasFullPage()) {
            check();
        }
    }

    private void check() {
        untilCheck = rowsBetweenChecks;
        columns.writeFullPages();
        if (columns.bufferedBytes() >= shape.rowGroupBytes()) {
            writeRowGroup();
        }
    }

    private void writeRowGroup() {
        if (rowsInGroup == 0) {
            return;
        }
        requireWhole();
        broken = true;
        try (ColumnChunkPageWriteStore pages = columns.endRowGroup()) {
            ParquetFileWriter file = started();
            file.startBlock(rowsInGroup);
            pages.flushToFileWriter(file);
            file.endBlock();
            rowsInGroup = 0;
        } catch (IOException e) {
            throw new UncheckedIOException("Failed to write a row group", e);
        }
        broken = false;
    }

    private ParquetFileWriter started() throws IOException {
        if (writer == null) {
            writer = new ParquetFileWriter(
                    output,
                    shape.message(),
                    ParquetFileWriter.Mode.CREATE,
                    shape.rowGroupBytes(),
                    0,
                    INDEX_TRUNCATE_LENGTH,
                    ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                    true);
            writer.start();
        }
        return writer;
    }

    /** About, until the file is closed. */
    @Override
    public long length() {
        try {
            return (writer == null ? 0 : writer.getPos()) + (closed ? 0 : columns.bufferedBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Heap that rows take which are not in the file yet, about. */
    public long heapBytes() {
        return closed ? 0 : columns.heapBytes();
    }

    @Override
    public Metrics metrics() {
        requireClosed();
        return writer == null
                ? new Metrics(0L, null, null, null, null)
                : ParquetUtil.footerMetrics(writer.getFooter(), rows.metrics(), shape.metrics());
    }

    @Override
    public List<Long> splitOffsets() {
        requireClosed();
        return writer == null ? null : ParquetUtil.getSplitOffsets(writer.getFooter());
    }

    private void requireClosed() {
        if (!closed) {
            throw new IllegalStateException("the file is open");
        }
        requireWhole();
    }

    private void requireWhole() {
        if (broken) {
            throw new IllegalStateException("the file is not whole: it failed to be written");
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            requireWhole();
            return;
        }
        closed = true;
        try {
            writeRowGroup();
            end();
        } finally {
            compressor.release();
            if (broken) {
                output.close();
            }
        }
    }

    private void end() throws IOException {
        requireWhole();
        broken = true;
        if (writer != null) {
            writer.end(shape.metadata());
        }
        broken = false;
    }
}
