// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeCursor;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.KeyEncoder;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Mirrors a table with a key. Every new row image goes to a data file at once; the row it takes the place of, in the table
 * or in this commit, becomes a delete of its position. So changes apply in message order, and a key holds at most one row.
 */
final class UpsertWriter extends TableWriter {

    private KeyLocator locator;
    private final WaitingRows waiting;
    private List<Integer> keyFieldIds = List.of();
    private KeyEncoder encoder;
    private RowView row;
    private RowView old;
    private boolean indexed;

    UpsertWriter(TargetTable target, SinkSettings settings, IndexBudget budget) {
        super(target, settings, budget);
        this.waiting = new WaitingRows();
    }

    @Override
    void useLayout(RowLayout chosen) {
        if (!waiting.isEmpty()) {
            throw new IllegalStateException("rows wait in another layout");
        }
        keyFieldIds = List.copyOf(new TreeSet<>(chosen.schema().identifierFieldIds()));
        encoder = KeyEncoder.of(chosen.schema(), keyFieldIds);
        row = chosen.newRow();
        old = chosen.newRow();
        if (!indexed) {
            target().requireUnmoved();
            locator = new KeyLocator(files(), encoder.isLong());
            files().retainCommitted(Set.of());
            learn();
            indexed = true;
        }
        requireBudget(locator.indexBytes());
    }

    private void learn() {
        TombstoneColumn tombstone = new TombstoneColumn(layout());
        for (LiveFile file : new TableFollower(target(), files()).follow()) {
            reader().read(file.dataFile(), tombstone.with(encoder.projection()), (position, record) -> {
                if (!file.deleted().isDeleted(position)) {
                    encoder.encode(record);
                    locator.learn(encoder.hi(), encoder.lo(), Location.of(file.ordinal(), position));
                    if (tombstone.isSet(record)) {
                        file.tombstones().delete(position);
                    }
                }
                return true;
            });
            requireBudget(locator.indexBytes());
        }
    }

    @Override
    void insert(ChangeCursor change) {
        touch(change);
        row.decode(change.newTuple());
        stamp(row, CdcOperation.INSERT, change);
        encoder.encode(row);
        long hi = encoder.hi();
        long lo = encoder.lo();
        KeyRow there = find(hi, lo);
        if (there.isLive()) {
            divergences().add("a row was inserted whose key the target already had");
        }
        remove(hi, lo, there);
        place(hi, lo, row);
    }

    private KeyRow find(long hi, long lo) {
        WaitingRow waits = waiting.find(hi, lo);
        if (waits != null) {
            return new KeyRow(waits, waits.source(), !waits.row().isDeleted());
        }
        long at = locator.locate(hi, lo);
        return at == KeyIndex.NOT_FOUND ? KeyRow.NONE : new KeyRow(null, at, !files().isTombstone(at));
    }

    private void remove(long hi, long lo, KeyRow there) {
        if (there.waiting() != null) {
            waiting.remove(hi, lo);
        } else if (there.location() != KeyIndex.NOT_FOUND) {
            deletes().add(there.location());
            locator.stageRemoval(hi, lo);
        }
    }

    /** A row whose unchanged values are in the older version waits for them; the others go to a file. */
    private void placeOrWait(long hi, long lo, RowView newer, KeyRow older) {
        if (!newer.hasUnchanged()) {
            place(hi, lo, newer);
            return;
        }
        if (!older.isLive()) {
            throw new PhilotesException(
                            ErrorCode.UNCHANGED_UNRESOLVED,
                            "Cannot complete an updated row: the target does not have its old version")
                    .inTable(target().source());
        }
        waiting.add(new WaitingRow(hi, lo, newer.detached(), older.location()));
        locator.stageRemoval(hi, lo);
        if (waiting.bytes() >= settings().waitingMemoryBytes()) {
            settle();
        }
    }

    private void place(long hi, long lo, RowView placed) {
        long at = write(placed);
        locator.stage(hi, lo, at);
        if (placed.isDeleted()) {
            files().addTombstone(at);
        }
    }

    @Override
    void update(ChangeCursor change) {
        touch(change);
        row.decode(change.newTuple());
        stamp(row, CdcOperation.UPDATE, change);
        boolean hasOld = change.hasOldTuple();
        if (hasOld) {
            old.decode(change.oldTuple());
            complete(change.oldTupleIsFull());
        }
        encoder.encode(hasOld ? old : row);
        long oldHi = encoder.hi();
        long oldLo = encoder.lo();
        encoder.encode(row);
        long hi = encoder.hi();
        long lo = encoder.lo();
        KeyRow older = find(oldHi, oldLo);
        if (!older.isLive()) {
            divergences().add("a row was updated that the target did not have");
        }
        if (hi == oldHi && lo == oldLo) {
            remove(hi, lo, older);
        } else {
            move(change, oldHi, oldLo, hi, lo, older);
        }
        older.completes(row);
        placeOrWait(hi, lo, row, older);
    }

    /** Makes way for a row under its new key; under the old one nothing stays, or the deleted row. */
    private void move(ChangeCursor change, long oldHi, long oldLo, long hi, long lo, KeyRow older) {
        if (older.isLive()) {
            remove(oldHi, oldLo, older);
            leaveDeleted(change, CdcOperation.UPDATE, oldHi, oldLo, older);
        }
        KeyRow there = find(hi, lo);
        if (there.isLive()) {
            divergences().add("a row's key was changed to one that the target already had");
        }
        remove(hi, lo, there);
    }

    /** What was live stays as the old tuple and the older version tell, marked as deleted. */
    private void leaveDeleted(ChangeCursor change, CdcOperation operation, long hi, long lo, KeyRow older) {
        if (!mode().keepsDeleted()) {
            return;
        }
        if (!change.oldTupleIsFull()) {
            old.knowsOnly(keyFieldIds);
        }
        stamp(old, operation, change);
        old.markDeleted();
        older.completes(old);
        placeOrWait(hi, lo, old, older);
    }

    /** Takes from the old tuple what the new one does not carry. */
    private void complete(boolean oldIsFull) {
        if (!row.hasUnchanged()) {
            return;
        }
        for (int fieldId : row.unchangedFieldIds()) {
            if (oldIsFull || keyFieldIds.contains(fieldId)) {
                row.fillFrom(old, fieldId);
            }
        }
    }

    @Override
    void delete(ChangeCursor change) {
        touch(change);
        old.decode(change.oldTuple());
        encoder.encode(old);
        long hi = encoder.hi();
        long lo = encoder.lo();
        KeyRow there = find(hi, lo);
        if (there.isLive()) {
            remove(hi, lo, there);
            leaveDeleted(change, CdcOperation.DELETE, hi, lo, there);
        } else {
            divergences().add("a row was deleted that the target did not have");
        }
    }

    @Override
    void truncate(ChangeCursor change) {
        touch(change);
        if (mode().keepsDeleted()) {
            markAll(change);
            return;
        }
        waiting.clear();
        replaceAll();
        locator.stageEmptying();
    }

    private void markAll(ChangeCursor change) {
        settle();
        closeOpen();
        RowReader rows = new RowReader(reader(), layout());
        for (LiveFile file : List.copyOf(files().all())) {
            rows.read(file, (at, found) -> {
                encoder.encode(found);
                if (locator.locate(encoder.hi(), encoder.lo()) == at) {
                    deletes().add(at);
                    stamp(found, CdcOperation.TRUNCATE, change);
                    found.markDeleted();
                    place(encoder.hi(), encoder.lo(), found);
                }
            });
            requireBudget(locator.indexBytes() + locator.overlayBytes());
        }
    }

    @Override
    void settle() {
        if (waiting.isEmpty()) {
            return;
        }
        closeOpen();
        List<WaitingRow> rows = waiting.take();
        new UnchangedResolver(reader(), files()).complete(rows);
        for (WaitingRow one : rows) {
            place(one.hi(), one.lo(), one.row());
        }
    }

    @Override
    void catchUp() {
        learn();
        deletes().dropCommitted(files());
        locator.committedOfStaged(deletes()::add);
    }

    @Override
    void applied() {
        locator.apply();
        requireBudget(locator.indexBytes());
    }

    @Override
    void forget() {
        waiting.clear();
        if (locator != null) {
            locator.forget();
        }
    }

    @Override
    long waitingBytes() {
        return waiting.bytes() + (locator == null ? 0 : locator.overlayBytes());
    }
}
