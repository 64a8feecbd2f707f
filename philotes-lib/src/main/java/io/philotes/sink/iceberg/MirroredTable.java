// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.sink.Divergence;
import java.util.List;

/** One active table of the sink: its target, its writer, and where it stands. Mutable, confined to the apply thread. */
final class MirroredTable {

    private final int oid;
    private final TargetTable target;
    private final TableWriter writer;
    private final SchemaEvolver evolver;
    private Lsn position;
    private RelationSchema relation;

    MirroredTable(int oid, TargetTable target, TableWriter writer, Lsn position) {
        this.oid = oid;
        this.target = target;
        this.writer = writer;
        this.evolver = new SchemaEvolver(target, writer.mode(), writer.policy());
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

    SchemaEvolver evolver() {
        return evolver;
    }

    /** The relation version of the newest change; null before the first. */
    RelationSchema relation() {
        return relation;
    }

    void relation(RelationSchema version) {
        relation = version;
    }

    /** Whether a transaction ends behind the table's position, so that it is not in the table yet. */
    boolean needs(long commitLsn) {
        return Long.compareUnsigned(commitLsn, position.value()) >= 0;
    }

    void movedTo(Lsn upTo) {
        position = Lsn.max(position, upTo);
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
        writer.reset();
        relation = null;
    }

    /** The same, for good. */
    void drop() {
        writer.reset();
    }
}
