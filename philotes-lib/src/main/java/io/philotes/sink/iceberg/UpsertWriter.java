// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeCursor;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.KeyEncoder;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowMode;
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
    RowMode mode() {
        return RowMode.UPSERT;
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
    }

    private void learn() {
        for (LiveFile file : new TableFollower(target(), files()).follow()) {
            reader().read(file.dataFile(), encoder.projection(), (position, record) -> {
                if (!file.deleted().isDeleted(position)) {
                    encoder.encode(record);
                    locator.learn(encoder.hi(), encoder.lo(), Location.of(file.ordinal(), position));
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
        encoder.encode(row);
        if (removeAt(encoder.hi(), encoder.lo())) {
            divergences().add("a row was inserted whose key the target already had");
        }
        place(encoder.hi(), encoder.lo());
    }

    private void place(long hi, long lo) {
        locator.stage(hi, lo, write(row));
    }

    /** Removes the key's row, wherever it is; false when there is none. */
    private boolean removeAt(long hi, long lo) {
        if (waiting.remove(hi, lo) != null) {
            return true;
        }
        long at = locator.locate(hi, lo);
        if (at == KeyIndex.NOT_FOUND) {
            return false;
        }
        deletes().add(at);
        locator.stageRemoval(hi, lo);
        return true;
    }

    @Override
    void update(ChangeCursor change) {
        touch(change);
        row.decode(change.newTuple());
        boolean hasOld = change.hasOldTuple();
        if (hasOld) {
            old.decode(change.oldTuple());
            complete(change.oldTupleIsFull());
            encoder.encode(old);
        } else {
            encoder.encode(row);
        }
        long oldHi = encoder.hi();
        long oldLo = encoder.lo();
        WaitingRow waited = waiting.remove(oldHi, oldLo);
        long at = waited == null ? locator.locate(oldHi, oldLo) : waited.source();
        if (waited == null) {
            removeAt(oldHi, oldLo);
        }
        if (at == KeyIndex.NOT_FOUND) {
            divergences().add("a row was updated that the target did not have");
        }
        encoder.encode(row);
        long hi = encoder.hi();
        long lo = encoder.lo();
        if ((hi != oldHi || lo != oldLo) && removeAt(hi, lo)) {
            divergences().add("a row's key was changed to one that the target already had");
        }
        if (waited != null) {
            waited.completes(row);
        }
        if (row.hasUnchanged()) {
            waitFor(hi, lo, at);
        } else {
            place(hi, lo);
        }
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

    private void waitFor(long hi, long lo, long source) {
        if (source == KeyIndex.NOT_FOUND) {
            throw new PhilotesException(
                            ErrorCode.UNCHANGED_UNRESOLVED,
                            "Cannot complete an updated row: the target does not have its old version")
                    .inTable(target().source());
        }
        waiting.add(new WaitingRow(hi, lo, row.detached(), source));
        locator.stageRemoval(hi, lo);
        if (waiting.bytes() >= settings().waitingMemoryBytes()) {
            settle();
        }
    }

    @Override
    void delete(ChangeCursor change) {
        touch(change);
        old.decode(change.oldTuple());
        encoder.encode(old);
        if (!removeAt(encoder.hi(), encoder.lo())) {
            divergences().add("a row was deleted that the target did not have");
        }
    }

    @Override
    void truncate(ChangeCursor change) {
        touch(change);
        waiting.clear();
        replaceAll();
        locator.stageEmptying();
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
            locator.stage(one.hi(), one.lo(), write(one.row()));
        }
    }

    @Override
    public void follow(Ancestry ancestry) {
        ancestry.foreignChanges(target().context().pipelineId())
                .forEach(operation -> divergences().add("another writer changed the target: " + operation));
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
