// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;

/** What others do to a table: append, delete, compact. Knows nothing of Philotes. */
final class OtherWriter {

    private OtherWriter() {}

    static void append(Table table, Object... values) {
        table.refresh();
        GenericRecord row = GenericRecord.create(table.schema());
        for (int i = 0; i < values.length; i++) {
            row.set(i, values[i]);
        }
        table.newAppend().appendFile(write(table, List.of(row))).commit();
    }

    /** Removes every row without a trace of why. */
    static void deleteEverything(Table table) {
        table.refresh();
        table.newDelete()
                .deleteFromRowFilter(org.apache.iceberg.expressions.Expressions.alwaysTrue())
                .commit();
    }

    /** Rewrites all live rows into one file, if there are any. */
    static void compact(Table table) {
        table.refresh();
        List<Record> rows = rows(table);
        if (rows.isEmpty()) {
            return;
        }
        long head = table.currentSnapshot().snapshotId();
        RewriteFiles rewrite = table.newRewrite().validateFromSnapshot(head);
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                rewrite.deleteFile(task.file());
                for (DeleteFile delete : task.deletes()) {
                    rewrite.deleteFile(delete);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rewrite.addFile(write(table, rows)).commit();
    }

    private static List<Record> rows(Table table) {
        List<Record> rows = new ArrayList<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            for (Record record : records) {
                GenericRecord copy = GenericRecord.create(table.schema());
                table.schema().columns().forEach(f -> copy.setField(f.name(), record.getField(f.name())));
                rows.add(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static DataFile write(Table table, List<? extends Record> rows) {
        OutputFileFactory output = OutputFileFactory.builderFor(table, 9, 9)
                .operationId(UUID.randomUUID().toString())
                .format(FileFormat.PARQUET)
                .build();
        DataWriter<Record> writer = new GenericFileWriterFactory.Builder(table)
                .build()
                .newDataWriter(output.newOutputFile(), table.spec(), null);
        try (writer) {
            rows.forEach(writer::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toDataFile();
    }
}
