// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.parquet.ColumnFile;
import io.philotes.sink.iceberg.internal.parquet.FileShape;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.encryption.NativeEncryptionOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/** Opens Parquet data files that take {@link RowView}s. Stateless. */
public final class RowFiles {

    private static final String MOST_ROWS_BETWEEN_LOOKS = "64";

    private RowFiles() {}

    /**
     * Opens a data file with the table's write properties and metrics settings and the layout's schema. Confined to one
     * thread; a row is written before {@code write} returns and not kept. {@code write} refuses a row whole, as
     * {@link RowView#requireWritable} does, before anything of it reaches the file.
     *
     * @param partition the partition that all rows belong to; null for an unpartitioned spec
     * @throws PhilotesException STORAGE_FAILED when the file cannot be opened
     */
    public static DataWriter<RowView> dataWriter(
            Table table, EncryptedOutputFile file, RowLayout layout, PartitionSpec spec, StructLike partition) {
        return dataWriter(FileShape.of(table, layout.schema()), table, file, layout, spec, partition);
    }

    /**
     * The same with what all files of the table and layout have in common.
     *
     * @param shape empty when only Iceberg's own writer can do what the table asks for, at twice the price
     */
    public static DataWriter<RowView> dataWriter(
            Optional<FileShape> shape,
            Table table,
            EncryptedOutputFile file,
            RowLayout layout,
            PartitionSpec spec,
            StructLike partition) {
        if (shape.isEmpty() || file instanceof NativeEncryptionOutputFile) {
            return icebergsOwn(table, file, layout, spec, partition);
        }
        OutputFile output = file.encryptingOutputFile();
        ColumnFile<RowView> appender = new ColumnFile<>(
                shape.get(),
                output,
                columns -> new RowColumns(layout, shape.get().message(), columns));
        return new RowFile(appender, output.location(), spec, partition, file.keyMetadata());
    }

    /** Whether it is the one that begins to hold memory, and to be a file, as rows come. */
    public static boolean isOurs(DataWriter<RowView> writer) {
        return writer instanceof RowFile;
    }

    /** Heap that the rows take which were written and are not in the file yet, about. */
    public static long heapBytes(DataWriter<RowView> writer) {
        return writer instanceof RowFile ours ? ours.heapBytes() : writer.length();
    }

    private static DataWriter<RowView> icebergsOwn(
            Table table, EncryptedOutputFile file, RowLayout layout, PartitionSpec spec, StructLike partition) {
        try {
            Parquet.DataWriteBuilder builder = Parquet.writeData(file)
                    .forTable(table)
                    .schema(layout.schema())
                    .withSpec(spec)
                    .withPartition(partition)
                    .createWriterFunc(message -> new RowParquetWriter(layout, message));
            tune(builder, table, layout.schema());
            return builder.build();
        } catch (IOException e) {
            throw new PhilotesException(
                            ErrorCode.STORAGE_FAILED,
                            "Cannot open the data file "
                                    + file.encryptingOutputFile().location(),
                            e)
                    .inTable(layout.relation().table());
        }
    }

    /** What every data file of ours is written with besides the table's properties, when Iceberg writes its rows. */
    public static void tune(Parquet.DataWriteBuilder builder, Table table, Schema schema) {
        leaveOutUuidBounds(builder, schema);
        leaveOutFloatingDictionaries(builder, schema);
        lookAtSizes(builder, table.properties());
    }

    /** Our own columns have one until a -0.0 comes, see NumberColumn; Iceberg's cannot be told. */
    private static void leaveOutFloatingDictionaries(Parquet.DataWriteBuilder builder, Schema schema) {
        for (Types.NestedField field : schema.columns()) {
            if (FloatingMetrics.takes(field.type())) {
                builder.set(TableProperties.PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + field.name(), "false");
            }
        }
    }

    /** By default Iceberg looks first behind a hundred rows, and then behind thousands, whether a page is long enough. */
    private static void lookAtSizes(Parquet.DataWriteBuilder builder, Map<String, String> properties) {
        if (!properties.containsKey(TableProperties.PARQUET_ROW_GROUP_CHECK_MIN_RECORD_COUNT)
                && !properties.containsKey(TableProperties.PARQUET_ROW_GROUP_CHECK_MAX_RECORD_COUNT)) {
            builder.set(TableProperties.PARQUET_ROW_GROUP_CHECK_MIN_RECORD_COUNT, "1");
            builder.set(TableProperties.PARQUET_ROW_GROUP_CHECK_MAX_RECORD_COUNT, MOST_ROWS_BETWEEN_LOOKS);
        }
    }

    /** As {@link FileShape} does. */
    private static void leaveOutUuidBounds(Parquet.DataWriteBuilder builder, Schema schema) {
        for (Types.NestedField field : schema.columns()) {
            if (field.type().typeId() == TypeID.UUID) {
                builder.set(TableProperties.PARQUET_COLUMN_STATS_ENABLED_PREFIX + field.name(), "false");
            }
        }
    }
}
