// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import io.philotes.model.TupleView;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.List;
import java.util.Set;

/** Keeps every change as a row of its own; never deletes. A delete's row holds what the old tuple carried. */
final class HistoryWriter extends TableWriter {

    private RowView row;
    private RowView old;

    HistoryWriter(TargetTable target, SinkSettings settings, IndexMemory indexes) {
        super(target, settings, indexes);
    }

    @Override
    void useLayout(RowLayout chosen) {
        row = chosen.newRow();
        old = chosen.newRow();
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
    }

    @Override
    void insert(ChangeCursor change) {
        append(change, CdcOperation.INSERT);
    }

    @Override
    void update(ChangeCursor change) {
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
