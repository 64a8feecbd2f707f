// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.Worker;
import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.parquet.FileShape;
import io.philotes.sink.iceberg.internal.value.RowFiles;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows of one layout to data files, one open file per partition and only so many at a time, and says where each row
 * went. A file is closed at its target size. Rows come in no order of partitions: with fewer files open than there are
 * partitions, nearly every row would get a file of its own. Confined to one thread.
 */
final class PartitionedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionedFiles.class);

    /** What they hold is bounded besides. */
    private static final int MAX_OPEN_FILES = 1024;

    /** Iceberg's own writer holds hundreds of kilobytes from the first row on, and opens its file at once. */
    private static final int MAX_OPEN_FILES_OF_ICEBERG = 16;

    /** Of several partitions' files the largest is closed then; two copying threads have as much each. */
    private static final long MOST_OPEN_BYTES = 64L << 20;

    private static final int ROWS_BETWEEN_SIZE_CHECKS = 512;

    private final Supplier<Table> target;
    private final RowLayout layout;
    private final Optional<FileShape> shape;
    private final LiveFiles files;
    private final long targetFileSizeBytes;
    private final PartitionSpec spec;
    private final RowPartition partition;
    private final Map<PartitionKey, Open> open = new LinkedHashMap<>(16, 0.75f, true);
    private final List<LiveFile> closed = new ArrayList<>();
    private Table table;
    private OutputFileFactory output;
    private long closedBytes;
    private Open last;
    private int mostOpen = MAX_OPEN_FILES;
    private int untilMemoryCheck = ROWS_BETWEEN_SIZE_CHECKS;

    private static final class Open {
        private final LiveFile file;
        private final DataWriter<RowView> writer;
        private long rows;

        Open(LiveFile file, DataWriter<RowView> writer) {
            this.file = file;
            this.writer = writer;
        }

        long heapBytes() {
            return RowFiles.heapBytes(writer);
        }
    }

    /** {@code target} is asked for each file: the keys to its storage may be others by then. */
    PartitionedFiles(Supplier<Table> target, RowLayout layout, LiveFiles files, long targetFileSizeBytes) {
        this.target = target;
        this.table = target.get();
        this.layout = layout;
        this.shape = FileShape.of(table, layout.schema());
        this.files = files;
        this.targetFileSizeBytes = targetFileSizeBytes;
        this.spec = table.spec();
        this.partition = new RowPartition(spec, layout);
        this.output = namesIn(table);
    }

    private static OutputFileFactory namesIn(Table table) {
        return OutputFileFactory.builderFor(table, 0, 0)
                .operationId(UUID.randomUUID().toString())
                .format(FileFormat.PARQUET)
                .build();
    }

    /** An open file belongs to the table object that it was opened with, whose keys end, and which nobody holds from then on. */
    private boolean follow(Table now) {
        if (now == table) {
            return false;
        }
        closeAll();
        table = now;
        output = namesIn(now);
        return true;
    }

    /** Insists that a row, as far as it is known, has a partition; throws VALUE_OUT_OF_RANGE. */
    void requirePartition(RowView row) {
        partition.require(row);
    }

    /**
     * Writes a row and returns its {@link Location}.
     *
     * @throws PhilotesException when the row cannot be written (DEAD_LETTER), or STORAGE_FAILED
     */
    long write(RowView row) {
        Open to = openFor(row);
        long position = to.rows;
        try {
            to.writer.write(row);
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failed("write to", to.file.location(), e);
        }
        to.rows++;
        if (to.rows % ROWS_BETWEEN_SIZE_CHECKS == 0 && to.writer.length() >= targetFileSizeBytes) {
            close(to);
        }
        if (--untilMemoryCheck == 0) {
            untilMemoryCheck = ROWS_BETWEEN_SIZE_CHECKS;
            checkOpen();
        }
        return Location.of(to.file.ordinal(), position);
    }

    private void checkOpen() {
        if (follow(target.get())) {
            return;
        }
        while (open.size() > 1 && openBytes() > MOST_OPEN_BYTES) {
            close(Collections.max(open.values(), Comparator.comparingLong(Open::heapBytes)));
        }
    }

    /** Heap of what is written and not in a file yet, about. */
    long openBytes() {
        long bytes = 0;
        for (Open one : open.values()) {
            bytes += one.heapBytes();
        }
        return bytes;
    }

    private Open openFor(RowView row) {
        if (spec.isUnpartitioned()) {
            if (last == null) {
                last = open(partition.of(row));
            }
            return last;
        }
        PartitionKey key = partition.of(row);
        Open found = open.get(key);
        return found != null ? found : open(key.copy());
    }

    private Open open(PartitionKey key) {
        if (open.size() >= mostOpen) {
            close(open.values().iterator().next());
        }
        follow(target.get());
        EncryptedOutputFile to = newFile(key);
        String location = to.encryptingOutputFile().location();
        LiveFile file = files.add(location, spec, spec.isUnpartitioned() ? null : key);
        try {
            Open opened = new Open(file, RowFiles.dataWriter(shape, table, to, layout, spec, file.partition()));
            mostOpen = RowFiles.isOurs(opened.writer) ? mostOpen : MAX_OPEN_FILES_OF_ICEBERG;
            open.put(key, opened);
            return opened;
        } catch (RuntimeException e) {
            files.remove(file);
            throw failed("create", location, e);
        }
    }

    private EncryptedOutputFile newFile(PartitionKey key) {
        try {
            return spec.isUnpartitioned() ? output.newOutputFile() : output.newOutputFile(spec, key);
        } catch (RuntimeException e) {
            throw failed("make a new file in", table.location(), e);
        }
    }

    /** A file that does not close stays among the open ones, so that {@link #abort} removes it. */
    private void close(Open one) {
        if (one == last) {
            last = null;
        }
        Worker.step();
        try {
            one.writer.close();
        } catch (IOException | RuntimeException e) {
            throw failed("close", one.file.location(), e);
        }
        open.values().remove(one);
        if (one.rows == 0) {
            leaveOut(one);
            return;
        }
        DataFile file = FloatingBounds.in(one.writer.toDataFile(), spec, layout.schema());
        one.file.written(file);
        closed.add(one.file);
        closedBytes += file.fileSizeInBytes();
    }

    /** Each of its rows was refused: ours is no file then, and no table may say that it has one. */
    private void leaveOut(Open empty) {
        files.remove(empty.file);
        if (!RowFiles.isOurs(empty.writer)) {
            StorageCleanup.delete(table.io(), List.of(empty.file.location()));
        }
    }

    /** Closes what is open; the files stay staged. */
    void closeAll() {
        List.copyOf(open.values()).forEach(this::close);
    }

    /** The closed files. */
    List<LiveFile> closed() {
        return closed;
    }

    /** Bytes of all files, those that still wait in memory included, about. */
    long bytes() {
        return closedBytes
                + open.values().stream().mapToLong(o -> o.writer.length()).sum();
    }

    /** Forgets the closed files: they belong to a commit now. */
    void handedOver() {
        closed.clear();
        closedBytes = 0;
    }

    /** Removes every file, open or closed, that was not handed over. Does not throw. */
    void abort() {
        List<String> locations = new ArrayList<>();
        for (Open one : open.values()) {
            abort(one);
            locations.add(one.file.location());
            files.remove(one.file);
        }
        closed.forEach(file -> {
            locations.add(file.location());
            files.remove(file);
        });
        open.clear();
        closed.clear();
        closedBytes = 0;
        last = null;
        StorageCleanup.delete(table.io(), locations);
    }

    private static void abort(Open one) {
        try {
            one.writer.close();
        } catch (IOException | RuntimeException e) {
            LOG.debug("An abandoned file did not close: {}", e.toString());
        }
    }

    private PhilotesException failed(String what, String location, Exception cause) {
        return new PhilotesException(
                        ErrorCode.STORAGE_FAILED, "Cannot " + what + " " + location + ": " + cause.getMessage(), cause)
                .inTable(layout.relation().table());
    }
}
