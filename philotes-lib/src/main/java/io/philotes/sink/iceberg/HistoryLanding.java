// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ContentFileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what a run of compaction copied into a table of which memory knows no rows. Nobody deletes in a history but others.
 * Iceberg refuses what would undo a delete of theirs, as long as it can look at every commit since the copy was planned, and what
 * takes away deletes that are gone. Where commits have expired, for a copy may take longer than they stay, or where deletes
 * speak of other files too and are not taken away, those of now are compared with those of then. Used once, by the thread that
 * owns the table's state, between two commits.
 */
final class HistoryLanding {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryLanding.class);

    private final TargetTable target;
    private final CompactedRows rows;

    HistoryLanding(TargetTable target, CompactedRows rows) {
        this.target = target;
        this.rows = rows;
    }

    /** Commits; throws only INTERRUPTED. */
    RewriteCommit.End land() {
        if (Ancestry.of(target.table(), rows.snapshotId()).reached()
                && deletes().allMatch(ContentFileUtil::isFileScoped)) {
            return send(rows.snapshotId());
        }
        return hasSameDeletes() ? send(target.head()) : RewriteCommit.End.REFUSED;
    }

    private RewriteCommit.End send(long knownUpTo) {
        List<DeleteFile> gone = deletes().filter(ContentFileUtil::isFileScoped).toList();
        return new RewriteCommit(target).send(rows, gone, List.of(), knownUpTo);
    }

    private Stream<DeleteFile> deletes() {
        return rows.sources().stream().flatMap(source -> source.file().deletes().stream());
    }

    /** Whether each file that was copied is in the table that memory mirrors, with the deletes that it had. */
    private boolean hasSameDeletes() {
        Map<String, Set<String>> then = new HashMap<>();
        rows.sources().forEach(source -> then.put(source.file().file().location(), deletes(source.file())));
        int same = 0;
        try (CloseableIterable<FileScanTask> now = target.table()
                .newScan()
                .planWith(target.manifests())
                .useSnapshot(target.head())
                .planFiles()) {
            for (FileScanTask file : now) {
                Worker.step();
                same += deletes(file).equals(then.get(file.file().location())) ? 1 : 0;
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof PhilotesException known && known.code() == ErrorCode.INTERRUPTED) {
                throw known;
            }
            LOG.info("Compaction of {} cannot look at its files once more: {}", target.name(), e.toString());
            return false;
        }
        return same == then.size();
    }

    private static Set<String> deletes(FileScanTask file) {
        return file.deletes().stream().map(DeleteFile::location).collect(Collectors.toSet());
    }
}
