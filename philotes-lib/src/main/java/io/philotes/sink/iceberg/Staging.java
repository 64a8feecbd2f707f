// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.CommitReconciler.Landed;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * What one table's next commit brings: rows in data files, deletes as positions, and whether all that the table holds goes.
 * Confined to one thread at a time, as its writer is.
 */
final class Staging {

    private final TargetTable target;
    private final LiveFiles files = new LiveFiles();
    private final StagedDeletes deletes = new StagedDeletes();
    private final List<LiveFile> closed = new ArrayList<>();
    private PartitionedFiles rows;
    private boolean replacesAll;
    private long written;

    Staging(TargetTable target) {
        this.target = target;
    }

    /** The table's files, and those of the next commit. */
    LiveFiles files() {
        return files;
    }

    StagedDeletes deletes() {
        return deletes;
    }

    boolean replacesAll() {
        return replacesAll;
    }

    /** Files that are begun from now on are for rows of the layout; none is open. */
    void use(RowLayout layout, long targetFileSizeBytes) {
        rows = new PartitionedFiles(target::table, layout, files, targetFileSizeBytes);
    }

    /** What {@link #write} would refuse for the place of the row, said before anything is staged. */
    void requirePartition(RowView row) {
        rows.requirePartition(row);
    }

    long write(RowView row) {
        long location = rows.write(row);
        written++;
        return location;
    }

    /** Closes open files; they stay staged. */
    void closeOpen() {
        if (rows != null) {
            rows.closeAll();
            closed.addAll(rows.closed());
            rows.handedOver();
        }
    }

    /** Drops everything staged, and everything that the table holds with the next commit. */
    void replaceAll() {
        drop();
        replacesAll = true;
    }

    /** Drops all rows and deletes that are staged, and their files. Does not throw. */
    void drop() {
        if (rows != null) {
            rows.abort();
        }
        closed.forEach(files::remove);
        StorageCleanup.delete(
                target.table().io(), closed.stream().map(LiveFile::location).toList());
        forget();
    }

    private void forget() {
        closed.clear();
        deletes.clear();
        written = 0;
    }

    /** A new commit begins: what was staged is in the table, or dropped. */
    void clear() {
        forget();
        replacesAll = false;
    }

    /** What is to be sent; no file is open. */
    StagedCommit commit(Marker marker) {
        List<DataFile> added = closed.stream().map(LiveFile::dataFile).toList();
        return new StagedCommit(marker, added, deletes, replacesAll, written + deletes.count());
    }

    /** The commit landed: the files follow. */
    void landed(StagedCommit commit, Landed where) {
        if (commit.replacesAll()) {
            files.retainCommitted(Set.of());
        }
        closed.forEach(LiveFile::committed);
        where.deletes().deleteFiles().forEach(this::adopt);
        deletes.forEach((ordinal, positions) -> files.at(ordinal).deleted().merge(positions));
    }

    private void adopt(DeleteFile delete) {
        LiveFile file = files.at(ContentFileUtil.referencedDataFileLocation(delete));
        List<DeleteFile> all = new ArrayList<>(file.deleteFiles());
        all.removeIf(ContentFileUtil::isFileScoped);
        all.add(delete);
        file.deletes(file.deleted(), all);
    }

    /** Heap that open files hold, about. */
    long openBytes() {
        return rows == null ? 0 : rows.openBytes();
    }

    /** Bytes of all files, those that still wait in memory included, about. */
    long bytes() {
        long ended =
                closed.stream().mapToLong(f -> f.dataFile().fileSizeInBytes()).sum();
        return ended + (rows == null ? 0 : rows.bytes());
    }
}
