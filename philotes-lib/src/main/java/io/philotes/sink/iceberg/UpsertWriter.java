// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeCursor;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.KeyEncoder;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Mirrors a table with a key. Every new row image goes to a data file at once; the row it takes the place of, in the table
 * or in this commit, becomes a delete of its position. So changes apply in message order, and a key holds at most one row.
 */
final class UpsertWriter extends TableWriter {

    private KeyLocator locator;
    private KeyLearner learner;
    private final WaitingRows waiting;
    private List<Integer> keyFieldIds = List.of();
    private KeyEncoder encoder;
    private ChangeKeys keys;
    private RowView row;
    private RowView old;
    private boolean indexed;
    private long hi;
    private long lo;
    private long oldHi;
    private long oldLo;
    private KeyRow older = KeyRow.NONE;

    UpsertWriter(TargetTable target, SinkSettings settings, IndexMemory indexes) {
        super(target, settings, indexes);
        this.waiting = new WaitingRows();
    }

    @Override
    void useLayout(RowLayout chosen) {
        if (!waiting.isEmpty()) {
            throw new IllegalStateException("rows wait in another layout");
        }
        keyFieldIds = ChangeKeys.fieldIds(chosen.schema());
        keys = new ChangeKeys(chosen, keyFieldIds);
        encoder = KeyEncoder.of(chosen.schema(), keyFieldIds);
        row = chosen.newRow();
        old = chosen.newRow();
        if (!indexed) {
            tellForeignChanges();
            index().release();
            locator = new KeyLocator(files(), encoder.isLong(), indexMemory());
            learner = new KeyLearner(
                    target(), files(), locator, settings().indexCheckpoint(target(), keyFieldIds, encoder.isLong()));
            learner.begin(encoder, new TombstoneColumn(layout()));
            indexed = true;
        }
    }

    @Override
    boolean parksRows() {
        return true;
    }

    @Override
    RowKeys keys() {
        return keys;
    }

    @Override
    void prepare(ChangeCursor change) {
        switch (change.kind()) {
            case INSERT -> {
                row.decode(change.newTuple());
                stamp(row, CdcOperation.INSERT, change);
                // An update into what a row filter lets pass comes as an insert, and without what it did not touch.
                row.requireWritable();
                prepareNew();
            }
            case UPDATE -> prepareUpdate(change);
            default -> {
                decodeOld(change);
                prepareOld(old);
            }
        }
    }

    /**
     * Under REPLICA IDENTITY FULL the old row may hold what the target cannot, of a row that was set aside and is corrected or
     * deleted now. Unless it stays, marked as deleted, its key and what the new row does not carry are all that is needed.
     */
    private void decodeOld(ChangeCursor change) {
        try {
            old.decode(change.oldTuple());
        } catch (PhilotesException e) {
            boolean isUpdate = change.kind() == ChangeCursor.Kind.UPDATE;
            boolean stays = mode().keepsDeleted() && (!isUpdate || keys.moves(change));
            if (stays || e.code() != ErrorCode.VALUE_OUT_OF_RANGE) {
                throw e;
            }
            Set<Integer> needed = new HashSet<>(keyFieldIds);
            needed.addAll(isUpdate ? row.unchangedFieldIds() : List.of());
            old.decode(change.oldTuple(), needed);
        }
    }

    private void prepareNew() {
        requirePartition(row);
        encoder.encode(row);
        hi = encoder.hi();
        lo = encoder.lo();
    }

    private void prepareOld(RowView oldKey) {
        encoder.encode(oldKey);
        oldHi = encoder.hi();
        oldLo = encoder.lo();
        older = find(oldHi, oldLo);
    }

    private void prepareUpdate(ChangeCursor change) {
        row.decode(change.newTuple());
        stamp(row, CdcOperation.UPDATE, change);
        if (change.hasOldTuple()) {
            decodeOld(change);
            complete(change.oldTupleIsFull());
        }
        row.requireValues();
        prepareNew();
        prepareOld(change.hasOldTuple() ? old : row);
        older.completes(row);
        if (row.hasUnchanged() && !older.isLive()) {
            throw new PhilotesException(
                            ErrorCode.UNCHANGED_UNRESOLVED,
                            "Cannot complete an updated row: the target does not have its old version")
                    .inTable(target().source());
        }
    }

    @Override
    void insert(ChangeCursor change) {
        KeyRow there = find(hi, lo);
        if (there.isLive()) {
            divergences().add("a row was inserted whose key the target already had");
        }
        makeWay(hi, lo, there);
        place(hi, lo, row);
    }

    private KeyRow find(long keyHi, long keyLo) {
        WaitingRow waits = waiting.find(keyHi, keyLo);
        if (waits != null) {
            return new KeyRow(waits, waits.source(), !waits.row().isDeleted());
        }
        long at = locator.locate(keyHi, keyLo);
        return at == KeyIndex.NOT_FOUND ? KeyRow.NONE : new KeyRow(null, at, !files().isTombstone(at));
    }

    private void remove(long keyHi, long keyLo, KeyRow there) {
        makeWay(keyHi, keyLo, there);
        if (there.waiting() == null && there.location() != KeyIndex.NOT_FOUND) {
            locator.stageRemoval(keyHi, keyLo);
        }
    }

    /** For another row of the key, which is placed at once: where the key is found is told by that. */
    private void makeWay(long keyHi, long keyLo, KeyRow there) {
        if (there.waiting() != null) {
            waiting.remove(keyHi, keyLo);
        } else if (there.location() != KeyIndex.NOT_FOUND) {
            deletes().add(there.location());
        }
    }

    /** A row whose unchanged values are in the older version waits for them; the others go to a file. */
    private void placeOrWait(long keyHi, long keyLo, RowView newer) {
        if (!newer.hasUnchanged()) {
            place(keyHi, keyLo, newer);
            return;
        }
        waiting.add(new WaitingRow(keyHi, keyLo, newer.detached(), older.location()));
        locator.stageRemoval(keyHi, keyLo);
        if (waiting.bytes() >= settings().waitingMemoryBytes()) {
            settle();
        }
    }

    private void place(long keyHi, long keyLo, RowView placed) {
        long at = write(placed);
        locator.stage(keyHi, keyLo, at);
        if (placed.isDeleted()) {
            files().addTombstone(at);
        }
    }

    @Override
    void update(ChangeCursor change) {
        if (!older.isLive()) {
            divergences().add("a row was updated that the target did not have");
        }
        if (hi == oldHi && lo == oldLo) {
            makeWay(hi, lo, older);
        } else {
            move(change);
        }
        placeOrWait(hi, lo, row);
    }

    /** Makes way for a row under its new key; under the old one nothing stays, or the deleted row. */
    private void move(ChangeCursor change) {
        if (older.isLive()) {
            remove(oldHi, oldLo, older);
            leaveDeleted(change, CdcOperation.UPDATE);
        }
        KeyRow there = find(hi, lo);
        if (there.isLive()) {
            divergences().add("a row's key was changed to one that the target already had");
        }
        makeWay(hi, lo, there);
    }

    /** What was live stays as the old tuple and the older version tell, marked as deleted. */
    private void leaveDeleted(ChangeCursor change, CdcOperation operation) {
        if (!mode().keepsDeleted()) {
            return;
        }
        if (!change.oldTupleIsFull()) {
            old.knowsOnly(keyFieldIds);
        }
        stamp(old, operation, change);
        old.markDeleted();
        older.completes(old);
        placeOrWait(oldHi, oldLo, old);
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
        if (older.isLive()) {
            remove(oldHi, oldLo, older);
            leaveDeleted(change, CdcOperation.DELETE);
        } else {
            divergences().add("a row was deleted that the target did not have");
        }
    }

    @Override
    void skip(ChangeCursor change) {
        if (keys.moves(change)) {
            prepareOld(keys.oldRow(change).orElseThrow());
            remove(oldHi, oldLo, older);
        }
    }

    @Override
    void truncate(ChangeCursor change) {
        if (mode().keepsDeleted()) {
            markAll(change);
            return;
        }
        waiting.clear();
        replaceAll();
        locator.stageEmptying();
    }

    private void markAll(ChangeCursor change) {
        if (!parking().isEmpty()) {
            divergences()
                    .add("rows were deleted by TRUNCATE whose newest changes had been set aside: they show older ones");
        }
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
        }
    }

    @Override
    void settle() {
        if (waiting.isEmpty()) {
            return;
        }
        closeOpen();
        List<WaitingRow> rows = waiting.take();
        new UnchangedResolver(reader(), files())
                .complete(rows, (waited, whole) -> place(waited.hi(), waited.lo(), whole));
        target().context().metrics().unchangedRead(target().source(), rows.size());
    }

    @Override
    boolean hasWaitingRows() {
        return !waiting.isEmpty();
    }

    @Override
    void catchUp() {
        learner.follow(encoder, new TombstoneColumn(layout()));
        deletes().dropCommitted(files());
        locator.committedOfStaged(deletes()::add);
    }

    @Override
    void applied() {
        locator.apply();
    }

    @Override
    void relocate() {
        locator.relocate();
    }

    @Override
    void forget() {
        waiting.clear();
        if (locator != null) {
            locator.forget();
        }
    }

    @Override
    RowIndex index() {
        return learner == null ? RowIndex.NONE : learner;
    }

    @Override
    long waitingBytes() {
        return waiting.bytes() + (locator == null ? 0 : locator.overlayBytes());
    }
}
