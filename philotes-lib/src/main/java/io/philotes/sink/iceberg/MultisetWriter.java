// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.KeyEncoder;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Mirrors a table without a key, or with a deferrable one, under REPLICA IDENTITY FULL: an old image names one of the rows
 * that look like it, and exactly one is deleted, of this commit first and then of the table.
 *
 * <p>Rows are found by a 128-bit SipHash of all their values and are not compared again: with a billion rows the chance
 * that any two different ones meet is below 10⁻²⁰, far below that of a disk that lies, while a comparison would read a data
 * file for each delete.
 */
final class MultisetWriter extends TableWriter {

    private final MultisetLocator locator;
    private KeyEncoder encoder;
    private TombstoneColumn tombstone;
    private RowView row;
    private RowView old;
    private boolean indexed;

    MultisetWriter(TargetTable target, SinkSettings settings, IndexMemory indexes) {
        super(target, settings, indexes);
        this.locator = new MultisetLocator(files(), indexMemory());
    }

    @Override
    void useLayout(RowLayout chosen) {
        List<Integer> fieldIds = List.copyOf(new TreeSet<>(chosen.sourceFieldIds()));
        List<Integer> before = encoder == null
                ? fieldIds
                : encoder.projection().columns().stream().map(f -> f.fieldId()).toList();
        encoder = KeyEncoder.ofRows(chosen.schema(), fieldIds);
        tombstone = new TombstoneColumn(chosen);
        row = chosen.newRow();
        old = chosen.newRow();
        if (!indexed) {
            target().requireUnmoved();
            locator.clear();
            new TableFollower(target(), files()).follow();
            committedFiles().forEach(this::learn);
            indexed = true;
        } else if (!fieldIds.equals(before)) {
            indexed = false;
            relearn();
            indexed = true;
        }
    }

    private List<LiveFile> committedFiles() {
        return files().all().stream().filter(LiveFile::isCommitted).toList();
    }

    private void learn(LiveFile file) {
        read(file, locator::learn);
    }

    /** Gives the rows of a file that are live in the table, or were written by this commit; no tombstones. */
    private void read(LiveFile file, KeyIndex.Visitor visitor) {
        reader().read(file.dataFile(), tombstone.with(encoder.projection()), (position, record) -> {
            if (!file.deleted().isDeleted(position) && !tombstone.isSet(record)) {
                encoder.encode(record);
                visitor.visit(encoder.hi(), encoder.lo(), Location.of(file.ordinal(), position));
            }
            return true;
        });
    }

    /** The columns changed, and with them what rows look like: everything is read again, staged files too. */
    private void relearn() {
        locator.clear();
        List<Long> removed = new ArrayList<>();
        for (LiveFile file : committedFiles()) {
            read(file, (hi, lo, at) -> {
                locator.learn(hi, lo, at);
                if (deletes().contains(at)) {
                    removed.addAll(List.of(hi, lo, at));
                }
            });
        }
        if (replacesAllStaged()) {
            locator.stageEmptying();
        }
        for (int i = 0; i < removed.size(); i += 3) {
            locator.stageRemoval(removed.get(i), removed.get(i + 1), removed.get(i + 2));
        }
        for (LiveFile file : files().all()) {
            if (!file.isCommitted()) {
                read(file, (hi, lo, at) -> {
                    if (!deletes().contains(at)) {
                        locator.stage(hi, lo, at);
                    }
                });
            }
        }
    }

    @Override
    boolean parksRows() {
        return false;
    }

    @Override
    RowKeys keys() {
        throw new IllegalStateException("no row is set aside");
    }

    @Override
    void prepare(ChangeCursor change) {
        // Without a key nothing could wait behind a row, so none is set aside, and the whole table is dropped.
    }

    @Override
    void skip(ChangeCursor change) {
        throw new IllegalStateException("no row is set aside");
    }

    @Override
    void insert(ChangeCursor change) {
        row.decode(change.newTuple());
        place(CdcOperation.INSERT, change);
    }

    private void place(CdcOperation operation, ChangeCursor change) {
        stamp(row, operation, change);
        encoder.encode(row);
        locator.stage(encoder.hi(), encoder.lo(), write(row));
    }

    @Override
    void update(ChangeCursor change) {
        requireFull(change);
        row.decode(change.newTuple());
        old.decode(change.oldTuple());
        for (int fieldId : row.unchangedFieldIds()) {
            row.fillFrom(old, fieldId);
        }
        remove("updated");
        place(CdcOperation.UPDATE, change);
    }

    @Override
    void delete(ChangeCursor change) {
        requireFull(change);
        old.decode(change.oldTuple());
        if (remove("deleted") && mode().keepsDeleted()) {
            leaveDeleted(old, CdcOperation.DELETE, change);
        }
    }

    /** Removes one row that looks like the old one; false when there is none. */
    private boolean remove(String what) {
        encoder.encode(old);
        long at = locator.take(encoder.hi(), encoder.lo());
        if (at == KeyIndex.NOT_FOUND) {
            divergences().add("a row was " + what + " that the target did not have");
            return false;
        }
        deletes().add(at);
        return true;
    }

    /** A tombstone is not in the index: no change can mean it. */
    private void leaveDeleted(RowView deleted, CdcOperation operation, ChangeCursor change) {
        stamp(deleted, operation, change);
        deleted.markDeleted();
        write(deleted);
    }

    private void requireFull(ChangeCursor change) {
        if (!change.hasOldTuple() || !change.oldTupleIsFull()) {
            throw Resync.needed(
                    target(),
                    "the table has no key in the target, and its replica identity is now "
                            + change.relation().identity() + " instead of " + ReplicaIdentity.FULL
                            + ": old rows cannot be found");
        }
    }

    @Override
    void truncate(ChangeCursor change) {
        if (mode().keepsDeleted()) {
            markAll(change);
            return;
        }
        replaceAll();
        locator.stageEmptying();
    }

    /** Which of equal rows is taken does not matter, as long as each is taken once. */
    private void markAll(ChangeCursor change) {
        closeOpen();
        RowReader rows = new RowReader(reader(), layout());
        for (LiveFile file : List.copyOf(files().all())) {
            rows.read(file, (at, found) -> {
                encoder.encode(found);
                long taken = locator.take(encoder.hi(), encoder.lo());
                if (taken != KeyIndex.NOT_FOUND) {
                    deletes().add(taken);
                    leaveDeleted(found, CdcOperation.TRUNCATE, change);
                }
            });
        }
    }

    @Override
    void settle() {
        // Rows never wait: a full old image carries every value.
    }

    @Override
    void catchUp() {
        new TableFollower(target(), files()).follow();
        deletes().dropCommitted(files());
        if (!locator.retake(() -> committedFiles().forEach(this::learn), deletes()::add)) {
            divergences().add("a row was deleted that another writer had removed from the target");
        }
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
        locator.forget();
    }

    @Override
    RowIndex index() {
        return locator;
    }

    @Override
    long waitingBytes() {
        return locator.overlayBytes();
    }
}
