// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;

/**
 * Which files of a table one run of compaction writes again. Immutable.
 *
 * @param snapshotId the table snapshot that has them, with the deletes as they were then
 * @param groups files whose rows go into the same new files
 * @param deletedFraction which part of the table's rows was deleted
 */
record CompactionPlan(long snapshotId, List<Group> groups, double deletedFraction) {

    CompactionPlan {
        groups = List.copyOf(groups);
    }

    /** Files of one partition, in the order in which their rows are copied. */
    record Group(List<FileScanTask> files) {

        Group {
            files = List.copyOf(files);
        }

        PartitionSpec spec() {
            return files.get(0).spec();
        }

        StructLike partition() {
            return files.get(0).file().partition();
        }
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }
}
