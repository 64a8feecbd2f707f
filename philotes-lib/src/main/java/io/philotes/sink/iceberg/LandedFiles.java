// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.TargetSize;
import io.philotes.metrics.WrittenFiles;
import io.philotes.metrics.WrittenFiles.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.util.ContentFileUtil;

/** Tells what a commit brought into a target, and how the target stands then, by what is known anyway. Stateless. */
final class LandedFiles {

    private LandedFiles() {}

    /** A commit of ours landed, and the table's metadata has been read since. */
    static void tell(TargetTable target, StagedCommit staged, CommitReconciler.Landed landed) {
        List<WrittenFiles> files = new ArrayList<>();
        addData(files, staged.added());
        addDeletes(files, landed.deletes());
        target.context().metrics().wrote(target.source(), files);
        tellSize(target);
    }

    private static void addData(List<WrittenFiles> files, List<DataFile> added) {
        if (!added.isEmpty()) {
            List<Long> sizes = added.stream().map(ContentFile::fileSizeInBytes).toList();
            files.add(new WrittenFiles(Kind.DATA, rows(added), sizes));
        }
    }

    /** Each delete file has the deletes of the one that it replaces; vectors of one commit share a file. */
    private static void addDeletes(List<WrittenFiles> files, DeleteWriteResult deletes) {
        List<DeleteFile> added = deletes.deleteFiles();
        if (!added.isEmpty()) {
            Map<String, Long> sizes = new TreeMap<>();
            added.forEach(file -> sizes.put(file.location(), file.fileSizeInBytes()));
            boolean vectors = ContentFileUtil.isDV(added.get(0));
            files.add(new WrittenFiles(
                    vectors ? Kind.DELETION_VECTOR : Kind.POSITION_DELETE,
                    rows(added) - rows(deletes.rewrittenDeleteFiles()),
                    List.copyOf(sizes.values())));
        }
    }

    private static long rows(Collection<? extends ContentFile<?>> files) {
        return files.stream().mapToLong(ContentFile::recordCount).sum();
    }

    /** By what the newest table snapshot says of itself; one without such totals says nothing. */
    static void tellSize(TargetTable target) {
        Table table = target.table();
        Snapshot head = table.currentSnapshot();
        if (head != null
                && head.summary() != null
                && head.summary().containsKey(SnapshotSummary.TOTAL_DATA_FILES_PROP)) {
            PipelineMetrics metrics = target.context().metrics();
            metrics.stands(
                    target.source(),
                    new TargetSize(
                            total(head, SnapshotSummary.TOTAL_DATA_FILES_PROP),
                            total(head, SnapshotSummary.TOTAL_DELETE_FILES_PROP),
                            total(head, SnapshotSummary.TOTAL_FILE_SIZE_PROP),
                            table.history().size()));
        }
    }

    private static long total(Snapshot head, String property) {
        return Long.parseLong(head.summary().getOrDefault(property, "0"));
    }
}
