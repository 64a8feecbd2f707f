// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.RowFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.PartitionUtil;

/**
 * Copies the live rows of a plan's files into new ones, in order, and says where each went. Rows keep their lineage (format
 * 3), and show what readers see now: values of columns that a file does not have are written out. Used once, by one thread.
 */
final class RowCopier {

    private static final int ROWS_BETWEEN_LOOKS = 512;

    private final Table table;
    private final long targetFileSizeBytes;
    private final Pause pause;
    private final Schema schema;
    private final OutputFileFactory files;
    private final List<String> begun = new ArrayList<>();
    private CompactedRows copied;
    private DataWriter<StructLike> open;
    private long openRows;
    private double openSourceBytes;

    /** Is asked now and then; may wait, and throws when the copy is not wanted any more. */
    interface Pause {
        void take() throws InterruptedException;
    }

    RowCopier(Table table, long targetFileSizeBytes, Pause pause) {
        this.table = table;
        this.targetFileSizeBytes = targetFileSizeBytes;
        this.pause = pause;
        this.schema = TableUtil.supportsRowLineage(table)
                ? MetadataColumns.schemaWithRowLineage(table.schema())
                : table.schema();
        this.files = OutputFileFactory.builderFor(table, 0, 0)
                .operationId(UUID.randomUUID().toString())
                .format(FileFormat.PARQUET)
                .suffix("compacted")
                .build();
    }

    /** Copies everything; throws what the storage throws or the pause, and leaves no file then. */
    CompactedRows copy(CompactionPlan plan) throws IOException, InterruptedException {
        copied = new CompactedRows(plan.snapshotId());
        boolean done = false;
        try {
            for (CompactionPlan.Group group : plan.groups()) {
                for (FileScanTask file : group.files()) {
                    copy(file);
                }
                close(group.files().get(0));
            }
            done = true;
            return copied;
        } finally {
            if (!done) {
                abandon();
            }
        }
    }

    private void copy(FileScanTask file) throws IOException, InterruptedException {
        requireNoEqualityDeletes(file);
        PositionDeleteIndex deleted = new BaseDeleteLoader(delete -> table.io().newInputFile(delete))
                .loadPositionDeletes(file.deletes(), file.file().location());
        double bytesPerRow =
                (double) file.file().fileSizeInBytes() / Math.max(1, file.file().recordCount());
        int[] gone = new int[Math.toIntExact(deleted.cardinality())];
        List<MovedRows.Run> runs = new ArrayList<>();
        int next = 0;
        long position = 0;
        long rank = 0;
        try (CloseableIterable<StructLike> rows = read(file)) {
            for (StructLike row : rows) {
                if (position % ROWS_BETWEEN_LOOKS == 0) {
                    pause.take();
                }
                if (deleted.isDeleted(position)) {
                    gone[next++] = (int) position;
                } else {
                    if (roll(file) || rank == 0) {
                        runs.add(new MovedRows.Run(rank, copied.outputs().size(), openRows));
                    }
                    open.write(row);
                    openRows++;
                    openSourceBytes += bytesPerRow;
                    rank++;
                }
                position++;
            }
        }
        requireAll(file, position, next == gone.length);
        copied.sources().add(new CompactedRows.Source(file, new MovedRows(gone, runs)));
    }

    private static void requireNoEqualityDeletes(FileScanTask file) throws IOException {
        if (CompactionPlanner.hasEqualityDeletes(file)) {
            throw new IOException("Cannot copy " + file.file().location() + ": it has equality deletes");
        }
    }

    private static void requireAll(FileScanTask file, long rows, boolean deletesFit) throws IOException {
        if (rows != file.file().recordCount() || !deletesFit) {
            throw new IOException(
                    "Cannot copy " + file.file().location() + ": it has " + rows + " rows, its manifest says "
                            + file.file().recordCount() + ", or deletes name rows that it does not have");
        }
    }

    private CloseableIterable<StructLike> read(FileScanTask file) {
        Map<Integer, ?> constants = PartitionUtil.constantsMap(file);
        Parquet.ReadBuilder builder = Parquet.read(table.io().newInputFile(file.file()))
                .project(schema)
                .reuseContainers()
                .createReaderFunc(message -> InternalReader.create(schema, message, constants));
        String mapping = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
        if (mapping != null) {
            builder.withNameMapping(NameMappingParser.fromJson(mapping));
        }
        return builder.build();
    }

    /** Makes room for a row; true when a new file was begun for it. */
    private boolean roll(FileScanTask like) throws IOException {
        if (open != null && openRows % ROWS_BETWEEN_LOOKS == 0 && isFull()) {
            close(like);
            copied.full(copied.outputs().get(copied.outputs().size() - 1));
        }
        if (open != null) {
            return false;
        }
        PartitionSpec spec = like.spec();
        StructLike partition = spec.isUnpartitioned() ? null : like.file().partition();
        EncryptedOutputFile file = partition == null ? files.newOutputFile() : files.newOutputFile(spec, partition);
        begun.add(file.encryptingOutputFile().location());
        Parquet.DataWriteBuilder builder = Parquet.writeData(file)
                .forTable(table)
                .schema(schema)
                .withSpec(spec)
                .withPartition(partition)
                .createWriterFunc(message -> InternalWriter.createWriter(schema, message));
        RowFiles.tune(builder, table, schema);
        open = builder.build();
        openRows = 0;
        openSourceBytes = 0;
        return true;
    }

    /** Pages that are still open count as they are, not compressed; what the rows took before tells what they will take. */
    private boolean isFull() {
        return openSourceBytes >= targetFileSizeBytes && open.length() >= targetFileSizeBytes;
    }

    private void close(FileScanTask like) throws IOException {
        if (open != null) {
            DataWriter<StructLike> closing = open;
            open = null;
            closing.close();
            DataFile file = FloatingBounds.in(closing.toDataFile(), like.spec(), schema);
            copied.outputs().add(new CompactedRows.Output(file, like));
        }
    }

    /** Removes what was written. */
    private void abandon() {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException | RuntimeException e) {
            // It is deleted next, as far as it is there.
        }
        StorageCleanup.delete(table.io(), begun);
    }
}
