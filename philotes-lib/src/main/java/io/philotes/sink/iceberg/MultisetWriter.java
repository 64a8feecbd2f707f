// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeCursor;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.iceberg.internal.value.KeyEncoder;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.RowView;
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
    private RowView row;
    private RowView old;
    private boolean indexed;

    MultisetWriter(TargetTable target, SinkSettings settings) {
        super(target, settings);
        this.locator = new MultisetLocator(files());
    }

    @Override
    RowMode mode() {
        return RowMode.UPSERT;
    }

    @Override
    void useLayout(RowLayout chosen) {
        List<Integer> fieldIds = List.copyOf(new TreeSet<>(chosen.sourceFieldIds()));
        List<Integer> before = encoder == null
                ? fieldIds
                : encoder.projection().columns().stream().map(f -> f.fieldId()).toList();
        encoder = KeyEncoder.of(chosen.schema(), fieldIds);
        row = chosen.newRow();
        old = chosen.newRow();
        if (!indexed) {
            learn();
            indexed = true;
        } else if (!fieldIds.equals(before)) {
            relearn();
        }
    }

    private void learn() {
        new TableFollower(target(), files()).follow().forEach(this::learn);
    }

    private void learn(LiveFile file) {
        new DataFileReader(target().source(), target().table())
                .read(file.dataFile(), encoder.projection(), (position, record) -> {
                    long at = RowLocation.of(file.ordinal(), position);
                    if (!file.deleted().isDeleted(position) && !deletes().contains(at)) {
                        encoder.encode(record);
                        locator.learn(encoder.hi(), encoder.lo(), at, file.isCommitted());
                    }
                    return true;
                });
    }

    /** The columns changed, and with them what rows look like: everything is read again, staged files too. */
    private void relearn() {
        locator.clear();
        for (LiveFile file : List.copyOf(files().all())) {
            if (!(file.isCommitted() && replacesAllStaged())) {
                learn(file);
            }
        }
    }

    @Override
    void insert(ChangeCursor change) {
        touch(change);
        row.decode(change.newTuple());
        place();
    }

    private void place() {
        encoder.encode(row);
        locator.stage(encoder.hi(), encoder.lo(), write(row));
    }

    @Override
    void update(ChangeCursor change) {
        touch(change);
        requireFull(change);
        row.decode(change.newTuple());
        old.decode(change.oldTuple());
        for (int fieldId : row.unchangedFieldIds()) {
            row.fillFrom(old, fieldId);
        }
        remove("updated");
        place();
    }

    @Override
    void delete(ChangeCursor change) {
        touch(change);
        requireFull(change);
        old.decode(change.oldTuple());
        remove("deleted");
    }

    private void remove(String what) {
        encoder.encode(old);
        long at = locator.take(encoder.hi(), encoder.lo());
        if (at == RowLocation.NONE) {
            divergences().add("a row was " + what + " that the target did not have");
        } else {
            deletes().add(at);
        }
    }

    private static void requireFull(ChangeCursor change) {
        if (!change.hasOldTuple() || !change.oldTupleIsFull()) {
            RelationSchema relation = change.relation();
            throw new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE,
                            "Cannot find an old row: the table has no key in the target, and its replica identity is now "
                                    + relation.identity() + " instead of " + ReplicaIdentity.FULL)
                    .inTable(relation.table());
        }
    }

    @Override
    void truncate(ChangeCursor change) {
        touch(change);
        replaceAll();
        locator.stageEmptying();
    }

    @Override
    void settle() {
        // Rows never wait: a full old image carries every value.
    }

    @Override
    public void follow(Ancestry ancestry) {
        ancestry.foreignChanges(target().context().pipelineId())
                .forEach(operation -> divergences().add("another writer changed the target: " + operation));
        learn();
        deletes().dropCommitted(files());
        if (!locator.retake(deletes()::add)) {
            divergences().add("a row was deleted that another writer had removed from the target");
        }
    }

    @Override
    void applied() {
        locator.apply();
    }

    @Override
    void forget() {
        locator.forget();
    }

    @Override
    long waitingBytes() {
        return locator.overlayBytes();
    }
}
