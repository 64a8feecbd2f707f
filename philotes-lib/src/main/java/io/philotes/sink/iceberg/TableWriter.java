// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.iceberg.CommitReconciler.Landed;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.index.TableMemory;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.RowView;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.Transaction;

/**
 * Takes one table's changes since its last commit and stages them: rows in data files, deletes as positions. What a change
 * means is up to the subclass. Confined to one thread at a time: the apply thread, or the worker that commits the table.
 *
 * <p>After any exception the staged state is void: {@link #reset} it.
 */
abstract class TableWriter implements CommitSide {

    private final TargetTable target;
    private final SinkSettings settings;
    private final TableMemory indexMemory;
    private final RowMode mode;
    private final Staging staging;
    private final LiveFiles files;
    private final StagedDeletes deletes;
    private final Divergences divergences;
    private final KnownSource known;
    private final Parking parking;
    private RowLayout layout;
    private boolean touched;
    private long commitMicros;

    TableWriter(TargetTable target, SinkSettings settings, IndexMemory indexes) {
        this.indexMemory = indexes.forTable(target.source());
        this.target = target;
        this.settings = settings;
        this.mode = settings.rowMode(target.source());
        this.staging = new Staging(target);
        this.files = staging.files();
        this.deletes = staging.deletes();
        this.divergences = new Divergences(target.source());
        this.known = new KnownSource(target, mode.mirrors());
        this.parking = new Parking(target, parksRows());
    }

    /** Whether a row can be set aside alone. */
    abstract boolean parksRows();

    /** Prepares for changes of a relation version; open files of another one are closed and stay staged. */
    final void use(RelationSchema relation) {
        if (layout != null) {
            settle();
        }
        closeOpen();
        Map<Integer, Integer> fieldIds = TargetProperties.columns(target.properties());
        layout = RowLayout.of(relation, OlderRows.schema(target.table(), fieldIds, relation), fieldIds, mode, policy());
        staging.use(layout, settings.targetFileSizeBytes());
        useLayout(layout);
    }

    /** The layout that {@link #use} chose changed. */
    abstract void useLayout(RowLayout chosen);

    final RowMode mode() {
        return mode;
    }

    final TypePolicy policy() {
        return settings.policy(target.source());
    }

    /** By which keys changes of the relation version in use wait; only when rows can be set aside. */
    abstract RowKeys keys();

    /**
     * Converts and checks an insert, update or delete; what is refused here has staged nothing. Where rows can be set aside,
     * everything that a row can be refused for is found here.
     */
    abstract void prepare(ChangeCursor change);

    /** Stages the insert, update or delete that was prepared. */
    final void write(ChangeCursor change) {
        switch (change.kind()) {
            case INSERT -> insert(change);
            case UPDATE -> update(change);
            case DELETE -> delete(change);
            default -> throw new IllegalArgumentException("not a row's change: " + change.kind());
        }
    }

    /** Stages the insert that was prepared. */
    abstract void insert(ChangeCursor change);

    /** Stages the update that was prepared. */
    abstract void update(ChangeCursor change);

    /** Stages the delete that was prepared. */
    abstract void delete(ChangeCursor change);

    abstract void truncate(ChangeCursor change);

    /** Stages of an update or insert whose row a later one replaces only that the old key has no row any more. */
    abstract void skip(ChangeCursor change);

    /** Writes the rows that wait for values of older ones; for that, open files are closed. */
    abstract void settle();

    /** Whether {@link #settle} has something to do. */
    boolean hasWaitingRows() {
        return false;
    }

    /** Others committed first: memory follows, and staged deletes are found anew. */
    abstract void catchUp();

    /** The commit landed: memory follows. */
    abstract void applied();

    /** Points the index straight at rows that compaction moved; only while nothing is staged. */
    abstract void relocate();

    /** Whether it would find the rows again that compaction moves: it knows the table's files, or needs none. */
    final boolean canCompact() {
        return layout != null || !mode.mirrors();
    }

    /** Forgets what the subclass staged. */
    abstract void forget();

    /** What the subclass knows about where rows are. */
    abstract RowIndex index();

    /** Bytes that the subclass keeps in memory until the commit. */
    abstract long waitingBytes();

    final void touch(ChangeCursor change) {
        touched = true;
        commitMicros = change.commitMicros();
    }

    /** The same for a change that is older than what is in the table. */
    final void touchAgain() {
        touched = true;
    }

    /** Lets the row say, if its table has columns for that, which change wrote it. */
    final void stamp(RowView row, CdcOperation operation, ChangeCursor change) {
        if (mode.hasCdcColumns() && CopiedRow.is(change)) {
            CopiedRow.stamp(row, change.commitLsn());
        } else if (mode.hasCdcColumns()) {
            row.cdc(operation, change.commitLsn(), change.ordinal(), change.commitMicros(), change.xid());
        }
    }

    /** What {@link #write(RowView)} would refuse for the place of the row, said before anything is staged. */
    final void requirePartition(RowView row) {
        staging.requirePartition(row);
    }

    final long write(RowView row) {
        return staging.write(row);
    }

    /** Heap that open files hold, about. */
    final long openBytes() {
        return staging.openBytes();
    }

    /** Closes open files; they stay staged. */
    final void closeOpen() {
        staging.closeOpen();
    }

    /** Drops everything staged, and everything that the table holds with the next commit. */
    final void replaceAll() {
        staging.replaceAll();
        touched = true;
    }

    final StagedCommit stage(Lsn upTo) {
        target.requireForward(upTo);
        parking.stage(upTo);
        settle();
        closeOpen();
        Marker marker = new Marker(
                target.context().pipelineId(),
                target.context().epoch(),
                upTo,
                commitMicros,
                target.table().schema().schemaId(),
                UUID.randomUUID().toString());
        return staging.commit(marker);
    }

    final void landed(StagedCommit commit, Landed where) {
        staging.landed(commit, where);
        if (layout != null) {
            applied();
        }
        target.mirrors(where.snapshotId());
        parking.committed();
        clear();
        LandedFiles.tell(target, commit, where);
    }

    /** Drops everything staged. Does not throw. */
    final void reset() {
        staging.drop();
        forget();
        parking.restore();
        clear();
    }

    private void clear() {
        staging.clear();
        touched = false;
        divergences.clear();
        known.forget();
    }

    final boolean isTouched() {
        return touched;
    }

    final long stagedBytes() {
        return staging.bytes() + waitingBytes();
    }

    final DataFileReader reader() {
        return new DataFileReader(target.source(), target.table());
    }

    /** Where the table's index is kept. */
    final TableMemory indexMemory() {
        return indexMemory;
    }

    final TargetTable target() {
        return target;
    }

    final SinkSettings settings() {
        return settings;
    }

    @Override
    public final LiveFiles files() {
        return files;
    }

    final StagedDeletes deletes() {
        return deletes;
    }

    @Override
    public final Optional<String> divergence() {
        return divergences.first();
    }

    final Divergences divergences() {
        return divergences;
    }

    final KnownSource known() {
        return known;
    }

    @Override
    public final void follow(Ancestry ancestry) {
        tell(ancestry.foreignChanges(target.context().pipelineId()));
        if (layout == null) {
            target.mirrors(target.table().currentSnapshot().snapshotId());
        } else {
            catchUp();
        }
    }

    /**
     * What others did since the table was opened, told before its rows are read for the first time. Throws COMMIT_REFUSED when
     * the position that was read is old.
     */
    final void tellForeignChanges() {
        tell(target.foreignChanges());
    }

    private void tell(List<String> operations) {
        operations.forEach(operation -> divergences.add("another writer changed the target: " + operation));
    }

    @Override
    public final void before(Transaction transaction) {
        known.put(transaction);
        parking.put(transaction);
    }

    final Parking parking() {
        return parking;
    }

    final RowLayout layout() {
        return layout;
    }

    final boolean replacesAllStaged() {
        return staging.replacesAll();
    }
}
