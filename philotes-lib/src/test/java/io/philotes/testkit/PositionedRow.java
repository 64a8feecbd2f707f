// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.TypeUtil;

/** A live row and where it stands. */
record PositionedRow(DataFile file, List<DeleteFile> deletes, long position, Record values) {

    static List<PositionedRow> all(Table table) {
        List<PositionedRow> rows = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                read(table, task, rows);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static void read(Table table, FileScanTask task, List<PositionedRow> rows) throws IOException {
        Schema withPosition = TypeUtil.join(table.schema(), new Schema(MetadataColumns.ROW_POSITION));
        GenericDeleteFilter filter = new GenericDeleteFilter(table.io(), task, table.schema(), withPosition);
        try (CloseableIterable<Record> records = filter.filter(FormatModelRegistry.readBuilder(
                        task.file().format(), Record.class, table.io().newInputFile(task.file()))
                .project(filter.requiredSchema())
                .build())) {
            for (Record record : records) {
                GenericRecord copy = GenericRecord.create(table.schema());
                table.schema().columns().forEach(f -> copy.setField(f.name(), record.getField(f.name())));
                long position = (Long) record.getField(MetadataColumns.ROW_POSITION.name());
                rows.add(new PositionedRow(task.file(), task.deletes(), position, copy));
            }
        }
    }
}
