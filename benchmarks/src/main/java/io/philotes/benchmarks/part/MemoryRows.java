// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;

/** Rows in memory, column by column. Immutable. */
record MemoryRows(MessageType schema, List<MemoryColumn> columns, int rows) {

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
            List<MemoryColumn> columns = new ArrayList<>();
            for (ColumnDescriptor column : schema.getColumns()) {
                columns.add(MemoryColumn.read(column, store.getColumnReader(column), rows));
            }
            return new MemoryRows(schema, columns, rows);
        }
    }
}
