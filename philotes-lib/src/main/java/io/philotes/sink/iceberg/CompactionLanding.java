// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.util.ContentFileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what a run of compaction copied into a table whose files memory knows, in the place of what it was copied from: rows
 * that were deleted meanwhile are deleted in the new files, in the same commit, and memory follows. Used once, by the thread
 * that owns the table's state, between two commits.
 */
final class CompactionLanding {

    private static final Logger LOG = LoggerFactory.getLogger(CompactionLanding.class);

    private final TargetTable target;
    private final LiveFiles files;
    private final CompactedRows rows;
    private final List<LiveFile> sources = new ArrayList<>();
    private final List<LiveFile> outputs = new ArrayList<>();
    private final StagedDeletes deletes = new StagedDeletes();
    private final List<Forward> forwards = new ArrayList<>();

    CompactionLanding(TargetTable target, LiveFiles files, CompactedRows rows) {
        this.target = target;
        this.files = files;
        this.rows = rows;
    }

    /** Commits; when that did not land, nothing has changed. */
    RewriteCommit.End land() {
        if (!isStillRight()) {
            return RewriteCommit.End.REFUSED;
        }
        RewriteCommit commit = new RewriteCommit(target);
        addOutputs();
        moveDeletes();
        RewriteCommit.End end = RewriteCommit.End.REFUSED;
        try {
            Optional<List<DeleteFile>> written = writeDeletes(commit.batchId());
            if (written.isPresent()) {
                end = commit.send(rows, replacedDeletes(), written.get(), target.head());
                settle(end, written.get());
            }
            return end;
        } finally {
            if (end != RewriteCommit.End.LANDED) {
                outputs.forEach(files::remove);
            }
        }
    }

    /** Empty when that is not possible now: nothing was sent. Throws only INTERRUPTED. */
    private Optional<List<DeleteFile>> writeDeletes(String batchId) {
        if (!deletes.isEmpty() && replacedDeletes().isEmpty()) {
            LOG.info("Compaction of {} met deletes that belong to other files too", target.name());
            return Optional.empty();
        }
        try {
            return Optional.of(new DeleteWriter(target.table(), files, batchId)
                    .write(deletes)
                    .deleteFiles());
        } catch (IOException | RuntimeException e) {
            if (e instanceof PhilotesException known && known.code() == ErrorCode.INTERRUPTED) {
                throw known;
            }
            LOG.warn("Compaction of {} could not write its deletes: {}", target.name(), e.toString());
            return Optional.empty();
        }
    }

    private void settle(RewriteCommit.End end, List<DeleteFile> written) {
        if (end == RewriteCommit.End.LANDED) {
            apply(written);
        } else if (end == RewriteCommit.End.REFUSED) {
            StorageCleanup.delete(target.table().io(), locations(written));
        }
    }

    /** Whether the table still holds every file, and has brought no row back to life that was not copied. */
    private boolean isStillRight() {
        for (CompactedRows.Source source : rows.sources()) {
            LiveFile file = files.at(source.file().file().location());
            if (file == null || !file.isCommitted()) {
                return false;
            }
            for (int position : source.rows().gone()) {
                if (!file.deleted().isDeleted(position)) {
                    return false;
                }
            }
            sources.add(file);
        }
        return true;
    }

    private void addOutputs() {
        for (CompactedRows.Output output : rows.outputs()) {
            boolean partitioned = output.like().spec().isPartitioned();
            LiveFile file = files.add(
                    output.file().location(),
                    output.like().spec(),
                    partitioned ? output.file().partition() : null);
            file.written(output.file());
            outputs.add(file);
        }
        int[] ordinals = outputs.stream().mapToInt(LiveFile::ordinal).toArray();
        rows.sources().forEach(source -> forwards.add(new Forward(source.rows(), ordinals)));
    }

    private void moveDeletes() {
        for (int i = 0; i < sources.size(); i++) {
            Forward forward = forwards.get(i);
            sources.get(i).deleted().forEach(position -> {
                long now = forward.of(position);
                if (now != KeyIndex.NOT_FOUND) {
                    deletes.add(now);
                }
            });
        }
    }

    /** Those that may speak of other files too stay. */
    private List<DeleteFile> replacedDeletes() {
        return sources.stream()
                .flatMap(file -> file.deleteFiles().stream())
                .filter(ContentFileUtil::isFileScoped)
                .toList();
    }

    private void apply(List<DeleteFile> written) {
        outputs.forEach(LiveFile::committed);
        for (DeleteFile delete : written) {
            LiveFile file = files.at(ContentFileUtil.referencedDataFileLocation(delete));
            file.deletes(file.deleted(), List.of(delete));
        }
        deletes.forEach(
                (ordinal, positions) -> positions.forEach(files.at(ordinal).deleted()::delete));
        for (int i = 0; i < sources.size(); i++) {
            files.replaced(sources.get(i), forwards.get(i));
            moveTombstones(sources.get(i), forwards.get(i));
        }
    }

    private void moveTombstones(LiveFile from, Forward forward) {
        from.tombstones().forEach(position -> {
            long now = forward.of(position);
            if (now != KeyIndex.NOT_FOUND) {
                files.addTombstone(now);
            }
        });
    }

    private static List<String> locations(List<DeleteFile> written) {
        return written.stream().map(DeleteFile::location).distinct().toList();
    }
}
