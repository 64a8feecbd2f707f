// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import io.philotes.model.TupleView;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.KeyText;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Keeps every change as a row of its own; never deletes. A delete's row holds what the old tuple carried; an update that gives a
 * row another key has such a row of the old one before its own, or the row would seem to live on under it.
 */
final class HistoryWriter extends TableWriter {

    private RowView row;
    private RowView old;
    private RowView left;
    private KeyText keys;
    private boolean leaves;

    HistoryWriter(TargetTable target, SinkSettings settings, IndexMemory indexes) {
        super(target, settings, indexes);
    }

    @Override
    void useLayout(RowLayout chosen) {
        row = chosen.newRow();
        old = chosen.newRow();
        left = chosen.newRow();
        keys = new KeyText(chosen.relation().keyColumns().stream()
                .flatMap(key -> chosen.fieldId(key).stream())
                .toList());
    }

    @Override
    boolean parksRows() {
        return true;
    }

    @Override
    RowKeys keys() {
        return new HistoryKeys();
    }

    @Override
    void prepare(ChangeCursor change) {
        boolean isDelete = change.kind() == ChangeCursor.Kind.DELETE;
        row.decode(isDelete ? change.oldTuple() : change.newTuple());
        if (!isDelete && row.hasUnchanged() && change.hasOldTuple()) {
            complete(change.oldTuple(), change.oldTupleIsFull());
        }
        requirePartition(row);
        leaves = change.kind() == ChangeCursor.Kind.UPDATE && leavesKey(change);
        if (leaves) {
            requirePartition(left);
        }
    }

    /** Bytes differ seldom, and then the values may still be the same here. */
    private boolean leavesKey(ChangeCursor change) {
        if (!change.hasOldTuple() || !hasOtherKeyBytes(change)) {
            return false;
        }
        left.decode(change.oldTuple());
        return !keys.of(left).equals(keys.of(row));
    }

    private static boolean hasOtherKeyBytes(ChangeCursor change) {
        TupleView before = change.oldTuple();
        TupleView after = change.newTuple();
        for (int key : change.relation().keyColumns()) {
            if (!after.isUnchanged(key) && !isSame(before, after, key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(TupleView one, TupleView other, int column) {
        int from = one.offset(column);
        int otherFrom = other.offset(column);
        return one.kind(column) == other.kind(column)
                && Arrays.equals(
                        one.bytes(),
                        from,
                        from + one.length(column),
                        other.bytes(),
                        otherFrom,
                        otherFrom + other.length(column));
    }

    @Override
    void insert(ChangeCursor change) {
        append(change, CdcOperation.INSERT);
    }

    @Override
    void update(ChangeCursor change) {
        if (leaves) {
            stamp(left, CdcOperation.DELETE, change);
            write(left);
        }
        append(change, CdcOperation.UPDATE);
    }

    /** A key tuple carries the key columns only; in it every other NULL means "not sent". What is carried need not fit the target. */
    private void complete(TupleView oldTuple, boolean isFull) {
        List<Integer> unchanged = row.unchangedFieldIds();
        old.decode(oldTuple, unchanged);
        for (int fieldId : unchanged) {
            if (isFull || !old.isNull(fieldId)) {
                row.fillFrom(old, fieldId);
            }
        }
    }

    @Override
    void delete(ChangeCursor change) {
        append(change, CdcOperation.DELETE);
    }

    @Override
    void truncate(ChangeCursor change) {
        row.clear();
        append(change, CdcOperation.TRUNCATE);
    }

    private void append(ChangeCursor change, CdcOperation operation) {
        stamp(row, operation, change);
        write(row);
    }

    @Override
    void skip(ChangeCursor change) {
        throw new IllegalStateException("no row of a history takes the place of another");
    }

    @Override
    void settle() {
        // Every row is in a file already.
    }

    @Override
    void catchUp() {
        target().mirrors(target().table().currentSnapshot().snapshotId());
    }

    @Override
    void applied() {
        // No index points into the files, and a history has ever more of them.
        files().retainCommitted(Set.of());
    }

    @Override
    void relocate() {
        // No index points into the files.
    }

    @Override
    void forget() {
        // Nothing is staged outside files.
    }

    @Override
    RowIndex index() {
        return RowIndex.NONE;
    }

    @Override
    long waitingBytes() {
        return 0;
    }
}
