// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.sink.Divergence;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ReplayResult;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** One active table of the sink: its target, its writer, and where it stands. Mutable, confined to the apply thread. */
final class MirroredTable {

    private final int oid;
    private final TargetTable target;
    private final TableWriter writer;
    private final SchemaEvolver evolver;
    private final TableMaintenance maintenance;
    private Lsn position;
    private boolean forgot;
    private RelationSchema relation;
    private RelationSchema pictured;
    private SequenceNumber picturedAt;

    MirroredTable(int oid, TargetTable target, TableWriter writer, TableMaintenance maintenance, Lsn position) {
        this.oid = oid;
        this.target = target;
        this.writer = writer;
        this.evolver = new SchemaEvolver(target, writer.mode(), writer.policy());
        this.maintenance = maintenance;
        this.position = position;
    }

    TableId source() {
        return target.source();
    }

    int oid() {
        return oid;
    }

    TargetTable target() {
        return target;
    }

    TableWriter writer() {
        return writer;
    }

    TableMaintenance maintenance() {
        return maintenance;
    }

    /** Whether {@link #maintain} has something to do behind a commit. */
    boolean wantsUpkeep() {
        return maintenance.isReady() || writer.index().isSaveDue();
    }

    /** Between two commits, with nothing staged. Throws when the table's state is void. */
    void maintain() {
        target.renewed();
        maintenance.step();
        writer.index().saveIfDue();
    }

    /** Whether a transaction ends behind the table's position, so that it is not in the table yet. */
    boolean needs(long commitLsn) {
        return Long.compareUnsigned(commitLsn, position.value()) >= 0;
    }

    /** A commit up to there ended well; a table that forgot what it had been given stays, for that comes again. */
    void movedTo(Lsn upTo, boolean committed) {
        forgot &= !committed;
        if (!forgot) {
            position = Lsn.max(position, upTo);
        }
    }

    /**
     * Takes a row or TRUNCATE of a relation version.
     *
     * @throws io.philotes.error.PhilotesException when the row is refused, or the table cannot follow
     */
    void change(ChangeCursor change, RelationSchema version) {
        beginCommit();
        if (relation != version) {
            if (!version.equals(relation)) {
                pictured = null;
                follow(version, place(change));
                writer.use(version);
            }
            relation = version;
        }
        writer.touch(change);
        if (change.kind() == ChangeCursor.Kind.TRUNCATE) {
            truncate(change);
        } else if (!isSetAside(change)) {
            writer.write(change);
        }
        writer.known().wrote(version, change);
    }

    /** All that is staged for one commit goes by the same table object, which must last that long. */
    private void beginCommit() {
        if (!writer.isTouched()) {
            target.renewed();
        }
    }

    private void truncate(ChangeCursor change) {
        writer.truncate(change);
        if (writer.mode().mirrors()) {
            writer.parking().empty(place(change));
        }
    }

    /** Prepares a change, unless it must wait behind one that was set aside or is such a one itself. */
    private boolean isSetAside(ChangeCursor change) {
        Parking parking = writer.parking();
        if (!parking.isEmpty()) {
            SortedSet<String> keys = writer.keys().of(change);
            if (parking.isBusy(keys, place(change))) {
                parking.add(change, keys, Optional.empty());
                return true;
            }
        }
        try {
            writer.prepare(change);
            return false;
        } catch (PhilotesException e) {
            if (!parking.isOn() || e.recovery() != Recovery.DEAD_LETTER) {
                throw e;
            }
            parking.add(change, writer.keys().of(change), Optional.of(e));
            return true;
        }
    }

    /** Writes rows that were set aside; see {@link io.philotes.sink.Sink#replay}. */
    ReplayResult replay(List<ParkedRow> rows, String name) {
        SequenceNumber end = new SequenceNumber(position, 0);
        rows.stream().filter(row -> row.at().compareTo(end) >= 0).findAny().ifPresent(row -> {
            throw new PhilotesException(
                            ErrorCode.DEFECT, "Cannot replay: the change is still to come, and would be written twice")
                    .inTable(source())
                    .at(row.at().commitLsn());
        });
        relation = null;
        beginCommit();
        if (!rows.isEmpty()) {
            followMapping(rows);
        }
        writer.touchAgain();
        return new ParkedReplay(writer, rows).run(name);
    }

    /** A column may have been given a wider type so that the rows fit, and no change came since. */
    private void followMapping(List<ParkedRow> rows) {
        Optional<SequenceNumber> newest = TargetProperties.schemaLsn(target.properties());
        SourcePicture.in(target.properties())
                .ifPresent(known -> evolver.followMapping(
                        known.relation(), newest.orElseGet(() -> rows.get(0).at()), writer));
    }

    /** Takes what the source says of the table; throws as {@link #change} does. */
    void notice(ChangeCursor notice, RelationSchema version) {
        beginCommit();
        TableNotice said = notice.notice();
        if (said instanceof TableNotice.Picture picture) {
            look(notice, new TablePicture(version, picture.facts()));
        } else if (said instanceof TableNotice.Leaf leaf) {
            writer.known().saw(version, leaf);
        } else if (said instanceof TableNotice.Gone gone) {
            requireStillThere(version, gone);
        } else if (said instanceof TableNotice.Undecodable undecodable) {
            throw Resync.needed(target, "changes could not be understood and are left out: " + undecodable.reason());
        }
    }

    /** An earlier table of this name may be told to be gone long after the copy of the one that took its place. */
    private void requireStillThere(RelationSchema version, TableNotice.Gone gone) {
        if (version.oid() == oid) {
            throw Resync.needed(target, gone.reason());
        }
    }

    /**
     * A version that no row needs is not followed yet, for a newer one may come at the same place: then a replay could not
     * tell which of them the target had seen last.
     */
    private void look(ChangeCursor notice, TablePicture picture) {
        pictured = picture.relation().equals(relation) ? null : picture.relation();
        picturedAt = place(notice);
        writer.known().take(picture).forEach(writer.divergences()::add);
        if (writer.known().isNew()) {
            writer.touch(notice);
        }
    }

    /**
     * Follows the newest picture though no row came behind it; the index is not read for it. To be called behind a batch.
     *
     * @throws io.philotes.error.PhilotesException when the table cannot follow
     */
    void followPicture() {
        if (pictured != null) {
            follow(pictured, picturedAt);
            pictured = null;
            relation = null;
        }
    }

    /** Where the newest picture stands. */
    SequenceNumber picturedAt() {
        return picturedAt;
    }

    private static SequenceNumber place(ChangeCursor cursor) {
        return new SequenceNumber(cursor.commitLsn(), cursor.ordinal());
    }

    private void follow(RelationSchema version, SequenceNumber at) {
        if (!version.table().equals(source())) {
            throw Resync.needed(target, "it was renamed to " + version.table());
        }
        if (version.oid() != oid) {
            throw Resync.needed(target, "it was dropped and created again");
        }
        evolver.follow(version, at, writer);
        writer.known().followed();
    }

    boolean isTouched() {
        return writer.isTouched();
    }

    long stagedBytes() {
        return writer.stagedBytes();
    }

    List<Divergence> takeDivergences() {
        return writer.divergences().take();
    }

    /** Forgets and removes what is staged. */
    void reset() {
        forgot = true;
        writer.reset();
        relation = null;
        pictured = null;
    }

    /** The same, for good; nobody works on the table any more. */
    void drop() {
        try {
            maintenance.cancel();
            writer.reset();
            writer.index().save();
        } finally {
            writer.index().release();
            writer.indexMemory().abandon();
        }
    }

    /** The same for a table that is about to be replaced: its index is of no use to anybody. */
    void dropReplaced() {
        maintenance.cancel();
        writer.reset();
        writer.index().release();
        writer.indexMemory().abandon();
    }

    /** Lets the table go as it is, for somebody may still work on it. */
    void abandon() {
        maintenance.cancel();
        writer.indexMemory().abandon();
    }
}
