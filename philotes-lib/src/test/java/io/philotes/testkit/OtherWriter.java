// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;

/** What others do to a table: append, delete, compact. Knows nothing of Philotes. */
public final class OtherWriter {

    private static final int MAX_ATTEMPTS = 50;

    private OtherWriter() {}

    public static void append(Table table, Object... values) {
        table.refresh();
        GenericRecord row = GenericRecord.create(table.schema());
        for (int i = 0; i < values.length; i++) {
            row.set(i, values[i]);
        }
        table.newAppend().appendFile(write(table, List.of(row))).commit();
    }

    /** Deletes one row by its position in a data file, with a deletion vector or a position-delete file. */
    public static void deleteRow(Table table, String column, Object value) {
        untilFirst(table, () -> DeleteRow.where(table, column, value));
    }

    /** Deletes by value, with an equality-delete file. */
    public static void deleteByValue(Table table, String column, Object value) {
        table.refresh();
        DeleteRow.byValue(table, column, value);
    }

    /** Deletes rows of several data files by their positions, with one position-delete file (format 2). */
    public static void deleteRowsOfSeveralFiles(Table table, String column, Object... values) {
        table.refresh();
        DeleteRow.ofSeveralFiles(table, column, List.of(values));
    }

    /** Brings back every row that was deleted by its position, as a restore of rows does. */
    public static void bringBack(Table table) {
        table.refresh();
        RowDelta delta =
                table.newRowDelta().validateFromSnapshot(table.currentSnapshot().snapshotId());
        tasks(table).forEach(task -> task.deletes().forEach(delta::removeDeletes));
        delta.commit();
    }

    /** Changes one value of one row, by a delete and an append in one commit. */
    public static void changeRow(Table table, String column, Object value, String changed, Object to) {
        untilFirst(table, () -> DeleteRow.change(table, column, value, changed, to));
    }

    /** Others commit too: then the row is looked for again. */
    private static void untilFirst(Table table, Runnable change) {
        for (int attempt = 1; ; attempt++) {
            table.refresh();
            try {
                change.run();
                return;
            } catch (ValidationException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Removes every row without a trace of why. */
    public static void deleteEverything(Table table) {
        table.refresh();
        table.newDelete()
                .deleteFromRowFilter(org.apache.iceberg.expressions.Expressions.alwaysTrue())
                .commit();
    }

    /** Rewrites all live rows into one file, if there are any. */
    public static void compact(Table table) {
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

    /** Rewrites the rows of the first half of the data files only, and the deletes in them. */
    public static void compactHalf(Table table) {
        table.refresh();
        List<FileScanTask> tasks = tasks(table);
        List<FileScanTask> half = tasks.subList(0, (tasks.size() + 1) / 2);
        RewriteFiles rewrite =
                table.newRewrite().validateFromSnapshot(table.currentSnapshot().snapshotId());
        Set<String> locations =
                half.stream().map(task -> task.file().location()).collect(Collectors.toSet());
        for (FileScanTask task : half) {
            rewrite.deleteFile(task.file());
            task.deletes().forEach(rewrite::deleteFile);
        }
        List<Record> rows = rowsOf(table, locations);
        if (!rows.isEmpty()) {
            rewrite.addFile(write(table, rows));
        }
        rewrite.commit();
    }

    private static List<FileScanTask> tasks(Table table) {
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            List<FileScanTask> all = new ArrayList<>();
            tasks.forEach(all::add);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Record> rowsOf(Table table, Set<String> locations) {
        List<Record> rows = new ArrayList<>();
        for (PositionedRow row : PositionedRow.all(table)) {
            if (locations.contains(row.file().location())) {
                rows.add(row.values());
            }
        }
        return rows;
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

    /** @param rows not empty: Iceberg's writer makes no file at all of nothing, but tells of one */
    static DataFile write(Table table, List<? extends Record> rows) {
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
