// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.RelationSchema;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.parquet.Parquet;

/** Real tables in a directory, and files that our writer and Iceberg's write for them. */
final class RowFilesLab implements AutoCloseable {

    private final JdbcCatalog catalog;
    private int files;

    RowFilesLab(Path directory) {
        catalog = LocalCatalog.open(directory);
        catalog.createNamespace(Namespace.of("n"));
    }

    Table table(Schema schema, int version) {
        return catalog.createTable(
                TableIdentifier.of("n", "t" + version),
                schema,
                PartitionSpec.unpartitioned(),
                Map.of("format-version", Integer.toString(version), "write.parquet.row-group-size-bytes", "20000"));
    }

    EncryptedOutputFile newFile(Table table) {
        String location = table.locationProvider().newDataLocation("f" + files++ + ".parquet");
        return EncryptedFiles.plainAsEncryptedOutput(table.io().newOutputFile(location));
    }

    static RowLayout layout(RelationSchema relation, Table table, RowMode mode) {
        return RowLayout.of(relation, table.schema(), SchemaMapper.fieldIds(relation, table.schema(), mode), mode);
    }

    DataFile write(Table table, RowLayout layout, List<Object[]> tuples) {
        DataWriter<RowView> writer = RowFiles.dataWriter(table, newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            for (Object[] tuple : tuples) {
                row.decode(Tuples.of(tuple));
                writer.write(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toDataFile();
    }

    DataFile writeGeneric(Table table, List<Record> records) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(newFile(table))
                .forTable(table)
                .withSpec(table.spec())
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (writer) {
            records.forEach(writer::write);
        }
        return writer.toDataFile();
    }

    static List<Record> read(Table table) throws IOException {
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            List<Record> all = new ArrayList<>();
            records.forEach(all::add);
            return all;
        }
    }

    @Override
    public void close() {
        catalog.close();
    }
}
