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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mirrors a table without a key, or with a deferrable one, under REPLICA IDENTITY FULL: an old image names one of the rows
 * that look like it, and exactly one is deleted, of this commit first and then of the table.
 *
 * <p>Most such tables are only ever appended to, and an insert needs to know no other row. So where the rows are is learnt by
 * the first change that must find one; until then no row is hashed and none is read.
 *
 * <p>Rows are found by a 128-bit SipHash of all their values and are not compared again: with a billion rows the chance
 * that any two different ones meet is below 10⁻²⁰, far below that of a disk that lies, while a comparison would read a data
 * file for each delete.
 */
final class MultisetWriter extends TableWriter {

    private static final Logger LOG = LoggerFactory.getLogger(MultisetWriter.class);

    private final MultisetLocator locator;
    private KeyEncoder encoder;
    private TombstoneColumn tombstone;
    private RowView row;
    private RowView old;

    /** Whether the table's files are known, as compaction and commits need them with or without an index. */
    private boolean following;

    /** Whether the locator knows every row; before, it knows none, and the commit under way deletes none by its place. */
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
        if (!following) {
            tellForeignChanges();
            new TableFollower(target(), files()).follow();
            following = true;
        }
        if (indexed && !fieldIds.equals(before)) {
            learnAll();
        }
    }

    /**
     * Learns every row that is there now, in the table and in this commit: for the first change that must find one, and anew
     * when the columns changed, and with them what rows look like. When that fails, nothing is known.
     */
    private void learnAll() {
        if (!indexed && deletes().count() > 0) {
            throw new IllegalStateException("rows were deleted before their places were known");
        }
        long began = System.nanoTime();
        indexed = false;
        locator.clear();
        try {
            closeOpen();
            learnTable();
            learnStaged();
            indexed = true;
        } finally {
            if (!indexed) {
                locator.release();
            }
        }
        LOG.info(
                "The row index has {} rows in {} KiB, after {} ms; table={}",
                locator.size(),
                locator.bytes() >> 10,
                Duration.ofNanos(System.nanoTime() - began).toMillis(),
                target().source());
    }

    private void learnTable() {
        if (replacesAllStaged()) {
            locator.stageEmptying();
        }
        List<Long> removed = new ArrayList<>();
        learnCommitted((hi, lo, at) -> {
            locator.learn(hi, lo, at);
            if (deletes().contains(at)) {
                removed.addAll(List.of(hi, lo, at));
            }
        });
        for (int i = 0; i < removed.size(); i += 3) {
            locator.stageRemoval(removed.get(i), removed.get(i + 1), removed.get(i + 2));
        }
    }

    /** Of a table that this commit empties, no row counts any more, so none is read. */
    private void learnCommitted(KeyIndex.Visitor visitor) {
        if (!replacesAllStaged()) {
            files().all().stream().filter(LiveFile::isCommitted).forEach(file -> read(file, visitor));
        }
    }

    private void learnStaged() {
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
        long at = write(row);
        if (indexed) {
            encoder.encode(row);
            locator.stage(encoder.hi(), encoder.lo(), at);
        }
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
        learnIfNeeded();
        encoder.encode(old);
        long at = locator.take(encoder.hi(), encoder.lo());
        if (at == KeyIndex.NOT_FOUND) {
            divergences().add("a row was " + what + " that the target did not have");
            return false;
        }
        deletes().add(at);
        return true;
    }

    private void learnIfNeeded() {
        if (!indexed) {
            learnAll();
        }
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
        if (indexed) {
            locator.stageEmptying();
        }
    }

    /** Which of equal rows is taken does not matter, as long as each is taken once. */
    private void markAll(ChangeCursor change) {
        learnIfNeeded();
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
        if (indexed && !locator.retake(() -> learnCommitted(locator::learn), deletes()::add)) {
            divergences().add("a row was deleted that another writer had removed from the target");
        }
    }

    @Override
    void applied() {
        if (indexed) {
            locator.apply();
        } else {
            // Nothing names a row by the place where it was before compaction.
            files().dropForwards();
        }
    }

    @Override
    void relocate() {
        locator.relocate();
    }

    @Override
    void forget() {
        locator.forget();
        if (replacesAllStaged()) {
            // What was learnt behind a TRUNCATE lacks the rows of the table, which are there again.
            indexed = false;
            locator.release();
        }
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
