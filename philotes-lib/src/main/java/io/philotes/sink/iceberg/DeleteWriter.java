// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.util.CharSequenceSet;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * Writes staged deletes: one deletion vector per touched data file in one Puffin file (format 3), or one position-delete
 * file per touched data file (format 2). Each holds all deletes of its data file and replaces the file-scoped ones before it.
 */
final class DeleteWriter {

    private final Table table;
    private final LiveFiles files;
    private final String batchId;

    DeleteWriter(Table table, LiveFiles files, String batchId) {
        this.table = table;
        this.files = files;
        this.batchId = batchId;
    }

    DeleteWriteResult write(StagedDeletes deletes) throws IOException {
        if (deletes.isEmpty()) {
            return new DeleteWriteResult(List.of(), CharSequenceSet.empty(), List.of());
        }
        return TableUtil.formatVersion(table) >= 3 ? writeVectors(deletes) : writePositions(deletes);
    }

    private DeleteWriteResult writeVectors(StagedDeletes deletes) throws IOException {
        BaseDVFileWriter writer = new BaseDVFileWriter(
                output(FileFormat.PUFFIN),
                location -> Positions.replacing(files.at(location).deleteFiles()));
        deletes.forEach((ordinal, positions) -> {
            LiveFile file = files.at(ordinal);
            writer.delete(file.location(), positions, file.spec(), file.partition());
            // As sets: what is merged as previous deletes is merged one by one.
            writer.delete(file.location(), file.deleted(), file.spec(), file.partition());
        });
        writer.close();
        return writer.result();
    }

    private DeleteWriteResult writePositions(StagedDeletes deletes) throws IOException {
        OutputFileFactory output = output(FileFormat.PARQUET);
        GenericFileWriterFactory writers = new GenericFileWriterFactory.Builder(table)
                .deleteFileFormat(FileFormat.PARQUET)
                .build();
        List<DeleteFile> written = new ArrayList<>();
        List<DeleteFile> replaced = new ArrayList<>();
        CharSequenceSet referenced = CharSequenceSet.empty();
        List<Touched> touched = new ArrayList<>();
        deletes.forEach((ordinal, positions) -> touched.add(new Touched(files.at(ordinal), positions)));
        boolean whole = false;
        try {
            for (Touched one : touched) {
                written.add(writePositions(one, writers, output));
                one.file().deleteFiles().stream()
                        .filter(ContentFileUtil::isFileScoped)
                        .forEach(replaced::add);
                referenced.add(one.file().location());
            }
            whole = true;
        } finally {
            if (!whole) {
                // Nobody else knows of them.
                StorageCleanup.delete(
                        table.io(), written.stream().map(DeleteFile::location).toList());
            }
        }
        return new DeleteWriteResult(written, referenced, replaced);
    }

    private DeleteFile writePositions(Touched touched, GenericFileWriterFactory writers, OutputFileFactory output)
            throws IOException {
        LiveFile file = touched.file();
        PositionDeleteIndex all = Positions.none();
        all.merge(touched.positions());
        all.merge(file.deleted());
        PositionDeleteWriter<Record> writer = writers.newPositionDeleteWriter(
                output.newOutputFile(file.spec(), file.partition()), file.spec(), file.partition());
        try (writer) {
            PositionDelete<Record> row = PositionDelete.create();
            all.forEach(position -> writer.write(row.set(file.location(), position)));
        }
        return writer.toDeleteFile();
    }

    private OutputFileFactory output(FileFormat format) {
        return OutputFileFactory.builderFor(table, 0, 0)
                .operationId(batchId + "-" + UUID.randomUUID())
                .format(format)
                .suffix("deletes")
                .build();
    }

    private record Touched(LiveFile file, PositionDeleteIndex positions) {}
}
