// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import java.util.Optional;
import org.apache.iceberg.Snapshot;

/**
 * What a table copy meets in a history. Its rows stay, for nobody else has them: the copy goes behind them. Only the rows of a
 * copy that nobody knows of are replaced, one that landed just before its pipeline ended, or whose reply was lost: then it is
 * repeated, and would be there twice. Immutable.
 *
 * @param exists whether something was ever committed to it
 * @param unheard the table snapshot of such a copy
 */
record HistoryBefore(boolean exists, Optional<Long> unheard) {

    /** Of a mirror, whose rows are replaced. */
    static final HistoryBefore NONE = new HistoryBefore(false, Optional.empty());

    /**
     * Looks at the newest metadata.
     *
     * @param knownUpTo the newest marker of the table that the pipeline knows of; ZERO when it knows none
     * @throws PhilotesException TARGET_UNUSABLE when the copy would lie before what is there
     */
    static HistoryBefore of(TargetTable target, RelationSchema relation, Lsn consistentPoint, Lsn knownUpTo) {
        Optional<Marker> standing = target.marker();
        if (standing.isEmpty()) {
            return NONE;
        }
        requireBehind(target, standing.get(), consistentPoint);
        boolean repeats = standing.get().endLsn().equals(consistentPoint)
                || !isHeardOf(target, relation, standing.get(), knownUpTo);
        return new HistoryBefore(true, repeats ? copyAtHead(target, standing.get()) : Optional.empty());
    }

    /** Its rows are told apart and sorted by their positions. */
    private static void requireBehind(TargetTable target, Marker standing, Lsn consistentPoint) {
        if (consistentPoint.isBefore(standing.endLsn())) {
            throw new PhilotesException(
                            ErrorCode.TARGET_UNUSABLE,
                            "Cannot copy the table behind its history: that goes up to " + standing.endLsn()
                                    + ", and the source is at " + consistentPoint
                                    + ", so it is another one or went back in time")
                    .inTable(target.source())
                    .hinting("give the table another target to keep its history, or drop this one; then "
                            + Resync.command(target));
        }
    }

    /**
     * A pipeline that knows no marker may have forgotten the table meanwhile, for which it takes a start; then it has the next
     * but one epoch at least. Or the table is another one of the same name.
     */
    private static boolean isHeardOf(TargetTable target, RelationSchema relation, Marker standing, Lsn knownUpTo) {
        if (knownUpTo.equals(Lsn.ZERO)) {
            return standing.epoch() < target.context().epoch() - 1
                    || !TargetProperties.holdsRowsOf(relation, target.properties());
        }
        return !standing.endLsn().isAfter(knownUpTo);
    }

    private static Optional<Long> copyAtHead(TargetTable target, Marker standing) {
        Snapshot head = target.table().currentSnapshot();
        boolean unfollowed = head != null
                && standing.batchId().equals(target.properties().get(TargetProperties.COPY))
                && standing.batchId().equals(head.summary().get(Marker.BATCH_ID));
        return unfollowed ? Optional.of(head.snapshotId()) : Optional.empty();
    }
}
