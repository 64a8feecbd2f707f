// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.deletes.PositionDeleteIndex;

/**
 * One data file that rows of the index are in: in the table, or written and not yet committed. Holds the committed deletes
 * of the file, so that a commit reads none. Mutable, confined to the thread that works on its table.
 */
final class LiveFile {

    private final int ordinal;
    private final String location;
    private final PartitionSpec spec;
    private final StructLike partition;
    private DataFile dataFile;
    private boolean committed;
    private PositionDeleteIndex deleted = Positions.none();
    private List<DeleteFile> deleteFiles = List.of();
    private final PositionDeleteIndex tombstones = Positions.none();

    LiveFile(int ordinal, String location, PartitionSpec spec, StructLike partition) {
        this.ordinal = ordinal;
        this.location = location;
        this.spec = spec;
        this.partition = partition;
    }

    int ordinal() {
        return ordinal;
    }

    String location() {
        return location;
    }

    PartitionSpec spec() {
        return spec;
    }

    StructLike partition() {
        return partition;
    }

    /** Null while the file is being written. */
    DataFile dataFile() {
        return dataFile;
    }

    void written(DataFile file) {
        dataFile = file;
    }

    boolean isCommitted() {
        return committed;
    }

    /** The commit landed; statistics were for its manifest and would only fill the heap. */
    void committed() {
        committed = true;
        dataFile = dataFile.copyWithoutStats();
    }

    PositionDeleteIndex deleted() {
        return deleted;
    }

    /** Rows that are there to say that they were deleted; add to it with {@code delete}. */
    PositionDeleteIndex tombstones() {
        return tombstones;
    }

    /** All delete files that the table holds for this file. */
    List<DeleteFile> deleteFiles() {
        return deleteFiles;
    }

    void deletes(PositionDeleteIndex positions, List<DeleteFile> files) {
        deleted = positions;
        deleteFiles = List.copyOf(files);
    }

    /** Whether the table's delete files for this file are the ones that {@link #deleted} was read from. */
    boolean hasDeleteFiles(List<DeleteFile> files) {
        return identities(deleteFiles).equals(identities(files));
    }

    private static Set<String> identities(List<DeleteFile> files) {
        return files.stream().map(f -> f.location() + '@' + f.contentOffset()).collect(Collectors.toSet());
    }
}
