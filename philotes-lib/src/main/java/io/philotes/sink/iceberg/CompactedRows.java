// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;

/**
 * What one run of compaction copied: files of a table snapshot, and the new ones that are to take their place. Filled by one
 * thread, then handed to another.
 */
final class CompactedRows {

    private final long snapshotId;
    private final List<Source> sources = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private long smallestFullBytes = Long.MAX_VALUE;

    /** A file that was copied. */
    record Source(FileScanTask file, MovedRows rows) {}

    /** A file that was written, with the task whose spec and partition it has. */
    record Output(DataFile file, FileScanTask like) {}

    CompactedRows(long snapshotId) {
        this.snapshotId = snapshotId;
    }

    /** The table snapshot that was copied from. */
    long snapshotId() {
        return snapshotId;
    }

    List<Source> sources() {
        return sources;
    }

    /** By the number that {@link MovedRows.Run} calls them. */
    List<Output> outputs() {
        return outputs;
    }

    /** The output was ended because it was large enough, though its size in the end may be less than that. */
    void full(Output output) {
        smallestFullBytes = Math.min(smallestFullBytes, output.file().fileSizeInBytes());
    }

    /** Of the outputs that were ended so; more than any size when there are none. */
    long smallestFullBytes() {
        return smallestFullBytes;
    }

    List<String> newLocations() {
        return outputs.stream().map(output -> output.file().location()).toList();
    }

    long bytesIn() {
        return sources.stream()
                .mapToLong(source -> source.file().file().fileSizeInBytes())
                .sum();
    }

    long bytesOut() {
        return outputs.stream()
                .mapToLong(output -> output.file().fileSizeInBytes())
                .sum();
    }

    /** Whether every row was copied with its identity (format 3). */
    boolean hasLineage() {
        return sources.stream().allMatch(source -> source.file().file().firstRowId() != null);
    }

    /** Rows that were deleted and not copied. */
    long rowsGone() {
        return sources.stream().mapToLong(source -> source.rows().gone().length).sum();
    }
}
