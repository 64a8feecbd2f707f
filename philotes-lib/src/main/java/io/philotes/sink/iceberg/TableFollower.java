// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Makes {@link LiveFiles} equal to what the table holds now, whatever happened since: forgets files that are gone, reads
 * deletes that changed, and names the files that are new and whose rows the index does not know. Since index entries are
 * hints, nothing else is needed after a foreign compaction, a foreign update, or a restart.
 */
final class TableFollower {

    private final TargetTable target;
    private final LiveFiles files;

    TableFollower(TargetTable target, LiveFiles files) {
        this.target = target;
        this.files = files;
    }

    /**
     * Follows to the current head and returns the new files.
     *
     * @throws PhilotesException TARGET_UNUSABLE when the table holds equality deletes, STORAGE_FAILED
     */
    List<LiveFile> follow() {
        Table table = target.table();
        if (table.currentSnapshot() == null) {
            files.retainCommitted(Set.of());
            target.mirrors(null);
            return List.of();
        }
        long head = table.currentSnapshot().snapshotId();
        Set<String> present = new HashSet<>();
        List<LiveFile> added = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().planWith(target.manifests()).useSnapshot(head).planFiles()) {
            for (FileScanTask task : tasks) {
                Worker.step();
                present.add(task.file().location());
                visit(task, added);
            }
        } catch (IOException e) {
            throw new PhilotesException(ErrorCode.STORAGE_FAILED, "Cannot list the target's files", e)
                    .inTable(target.source());
        }
        files.retainCommitted(present);
        target.mirrors(head);
        return added;
    }

    private void visit(FileScanTask task, List<LiveFile> added) {
        requireNoEqualityDeletes(task.deletes());
        DataFile data = task.file();
        LiveFile file = files.at(data.location());
        if (file == null) {
            boolean isIndexed = files.isRecalled(data.location());
            file = files.add(data.location(), task.spec(), data.partition());
            file.written(data.copyWithoutStats());
            file.committed();
            if (!isIndexed) {
                added.add(file);
            }
        }
        if (!file.hasDeleteFiles(task.deletes())) {
            file.deletes(Positions.none(), List.of());
            if (!task.deletes().isEmpty()) {
                file.deletes(loader().loadPositionDeletes(task.deletes(), file.location()), copies(task.deletes()));
            }
        }
    }

    private BaseDeleteLoader loader() {
        return new BaseDeleteLoader(delete -> target.table().io().newInputFile(delete));
    }

    private static List<DeleteFile> copies(List<DeleteFile> deletes) {
        return deletes.stream().map(DeleteFile::copy).toList();
    }

    private void requireNoEqualityDeletes(List<DeleteFile> deletes) {
        if (deletes.stream().anyMatch(d -> d.content() == FileContent.EQUALITY_DELETES)) {
            throw new PhilotesException(
                            ErrorCode.TARGET_UNUSABLE,
                            "Cannot follow the target: it holds equality deletes of another writer")
                    .inTable(target.source())
                    .hinting("compact the table so that they go, and keep that writer out");
        }
    }
}
