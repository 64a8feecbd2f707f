// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import io.philotes.sink.iceberg.internal.parquet.ColumnFile;
import io.philotes.sink.iceberg.internal.parquet.FileColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;

/** Rows in memory, by column name. Immutable. */
record MemoryRows(Map<String, MemoryColumn> columns, int rows) {

    private static final int MOST_ROWS = 200_000;

    /** The first rows of a data file. */
    static MemoryRows of(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            MessageType schema = reader.getFileMetaData().getSchema();
            PageReadStore pages = reader.readNextRowGroup();
            int rows = (int) Math.min(MOST_ROWS, pages.getRowCount());
            ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                    pages,
                    new DummyRecordConverter(schema).getRootConverter(),
                    schema,
                    reader.getFileMetaData().getCreatedBy());
            Map<String, MemoryColumn> columns = new HashMap<>();
            for (ColumnDescriptor column : schema.getColumns()) {
                columns.put(column.getPath()[0], MemoryColumn.read(column, store.getColumnReader(column), rows));
            }
            return new MemoryRows(columns, rows);
        }
    }

    /** Writes the rows that it is given the numbers of. */
    ColumnFile.RowWriter<Integer> writer(MessageType message, FileColumns file) {
        IntConsumer[] adders = message.getColumns().stream()
                .map(leaf -> columns.get(leaf.getPath()[0]).into(leaf, file))
                .toArray(IntConsumer[]::new);
        return new ColumnFile.RowWriter<>() {
            @Override
            public void write(Integer row) {
                for (IntConsumer adder : adders) {
                    adder.accept(row);
                }
            }

            @Override
            public Stream<FieldMetrics<?>> metrics() {
                return Stream.of();
            }
        };
    }
}
