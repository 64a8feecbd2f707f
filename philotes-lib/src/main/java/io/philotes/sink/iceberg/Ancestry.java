// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The table snapshots from the head back to the one that was planned on. Immutable.
 *
 * @param since newest first, without the one that was planned on
 * @param reached whether the walk met it; when not, the table was rolled back, or the snapshot has expired
 */
record Ancestry(List<Snapshot> since, boolean reached) {

    /** {@code plannedOn} is null for a table that had no snapshot. */
    static Ancestry of(Table table, Long plannedOn) {
        List<Snapshot> since = new ArrayList<>();
        Snapshot at = table.currentSnapshot();
        while (at != null) {
            if (plannedOn != null && at.snapshotId() == plannedOn) {
                return new Ancestry(since, true);
            }
            since.add(at);
            at = at.parentId() == null ? null : table.snapshot(at.parentId());
        }
        return new Ancestry(since, plannedOn == null);
    }

    /** Whether the walk ended before the table's first snapshot, because what is behind is not known any more. */
    boolean endsAtExpired() {
        return !reached && !since.isEmpty() && since.get(since.size() - 1).parentId() != null;
    }

    Optional<Snapshot> withBatchId(String batchId) {
        return since.stream()
                .filter(s -> batchId.equals(s.summary().get(Marker.BATCH_ID)))
                .findFirst();
    }

    /** The newest marker that the pipeline left in these snapshots. */
    Optional<Marker> newestOf(String pipelineId) {
        return since.stream()
                .flatMap(s -> Marker.in(s.summary()).stream())
                .filter(m -> m.pipelineId().equals(pipelineId))
                .findFirst();
    }

    /** The same, of those behind this pipeline's newest commit. */
    List<String> foreignChangesSinceOurs(String pipelineId) {
        List<Snapshot> behind = since.stream()
                .takeWhile(s -> !pipelineId.equals(s.summary().get(Marker.PIPELINE_ID)))
                .toList();
        return new Ancestry(behind, reached).foreignChanges(pipelineId);
    }

    /** Operations of others that changed content; a {@code replace} (compaction) does not. */
    List<String> foreignChanges(String pipelineId) {
        return since.stream()
                .filter(s -> !pipelineId.equals(s.summary().get(Marker.PIPELINE_ID)))
                .map(Snapshot::operation)
                .filter(operation -> !DataOperations.REPLACE.equals(operation))
                .distinct()
                .toList();
    }
}
