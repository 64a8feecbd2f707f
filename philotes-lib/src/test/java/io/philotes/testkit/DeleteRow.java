// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.OutputFileFactory;

/** Row-level changes of a foreign engine, in a format 3 table if nothing else is said. */
final class DeleteRow {

    private DeleteRow() {}

    static void where(Table table, String column, Object value) {
        PositionedRow row = find(table, column, value);
        delta(table, row).commit();
    }

    static void change(Table table, String column, Object value, String changed, Object to) {
        PositionedRow row = find(table, column, value);
        RowDelta delta = delta(table, row);
        Record values = row.values();
        values.setField(changed, to);
        delta.addRows(OtherWriter.write(table, List.of(values))).commit();
    }

    static void byValue(Table table, String column, Object value) {
        Schema equal = table.schema().select(column);
        GenericFileWriterFactory writers = new GenericFileWriterFactory.Builder(table)
                .deleteFileFormat(FileFormat.PARQUET)
                .equalityDeleteRowSchema(equal)
                .equalityFieldIds(new int[] {equal.findField(column).fieldId()})
                .build();
        EqualityDeleteWriter<Record> writer = writers.newEqualityDeleteWriter(
                output(table, FileFormat.PARQUET).newOutputFile(), table.spec(), null);
        try (writer) {
            GenericRecord deleted = GenericRecord.create(equal);
            deleted.setField(column, value);
            writer.write(deleted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        table.newRowDelta().addDeletes(writer.toDeleteFile()).commit();
    }

    static void ofSeveralFiles(Table table, String column, List<Object> values) {
        GenericFileWriterFactory writers = new GenericFileWriterFactory.Builder(table)
                .deleteFileFormat(FileFormat.PARQUET)
                .build();
        PositionDeleteWriter<Record> writer = writers.newPositionDeleteWriter(
                output(table, FileFormat.PARQUET).newOutputFile(), table.spec(), null);
        try (writer) {
            PositionedRow.all(table).stream()
                    .filter(row -> values.contains(row.values().getField(column)))
                    .sorted(Comparator.comparing(
                                    (PositionedRow row) -> row.file().location())
                            .thenComparing(PositionedRow::position))
                    .forEach(row -> writer.write(
                            PositionDelete.<Record>create().set(row.file().location(), row.position())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        table.newRowDelta().addDeletes(writer.toDeleteFile()).commit();
    }

    private static OutputFileFactory output(Table table, FileFormat format) {
        return OutputFileFactory.builderFor(table, 8, 8)
                .operationId(UUID.randomUUID().toString())
                .format(format)
                .build();
    }

    private static PositionedRow find(Table table, String column, Object value) {
        return PositionedRow.all(table).stream()
                .filter(row -> Objects.equals(row.values().getField(column), value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row where " + column + " = " + value));
    }

    private static RowDelta delta(Table table, PositionedRow row) {
        BaseDVFileWriter writer = new BaseDVFileWriter(
                output(table, FileFormat.PUFFIN),
                location -> row.deletes().isEmpty()
                        ? null
                        : new BaseDeleteLoader(delete -> table.io().newInputFile(delete))
                                .loadPositionDeletes(row.deletes(), location));
        writer.delete(
                row.file().location(), row.position(), table.spec(), row.file().partition());
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DeleteWriteResult result = writer.result();
        // As engines ask for: a file that compaction replaced meanwhile would take the delete with it.
        RowDelta delta = table.newRowDelta()
                .validateFromSnapshot(table.currentSnapshot().snapshotId())
                .validateDataFilesExist(List.of(row.file().location()))
                .validateDeletedFiles();
        result.deleteFiles().forEach(delta::addDeletes);
        row.deletes().forEach(delta::removeDeletes);
        return delta;
    }
}
