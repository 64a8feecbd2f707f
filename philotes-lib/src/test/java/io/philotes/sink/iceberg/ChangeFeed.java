// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableFacts;
import io.philotes.model.TableNotice;
import java.util.List;

/** Writes change batches by hand; commit LSNs are multiples of 0x100, end LSNs 8 more. */
final class ChangeFeed {

    private final ChangeBatchBuilder builder = new ChangeBatchBuilder();
    private long lsn;

    ChangeFeed(long start) {
        this.lsn = start;
    }

    ChangeFeed begin() {
        lsn += 0x100;
        builder.begin(new Lsn(lsn), 1_700_000_000_000_000L + lsn, (int) lsn);
        return this;
    }

    ChangeFeed insert(RelationSchema relation, Object... row) {
        byte[] tuple = Tuples.of(row);
        builder.insert(relation, tuple, 0, tuple.length);
        return this;
    }

    /** Without an old tuple. */
    ChangeFeed update(RelationSchema relation, Object... row) {
        byte[] tuple = Tuples.of(row);
        builder.update(relation, (byte) 0, tuple, 0, tuple.length);
        return this;
    }

    ChangeFeed update(RelationSchema relation, char oldKind, List<?> old, List<?> row) {
        byte[] tuples = Tuples.concat(Tuples.of(old.toArray()), Tuples.of(row.toArray()));
        builder.update(relation, (byte) oldKind, tuples, 0, tuples.length);
        return this;
    }

    ChangeFeed delete(RelationSchema relation, char oldKind, Object... old) {
        byte[] tuple = Tuples.of(old);
        builder.delete(relation, (byte) oldKind, tuple, 0, tuple.length);
        return this;
    }

    ChangeFeed truncate(RelationSchema... relations) {
        builder.truncate(List.of(relations), (byte) 0);
        return this;
    }

    ChangeFeed picture(RelationSchema relation, TableFacts facts) {
        return notice(relation, new TableNotice.Picture(facts));
    }

    ChangeFeed notice(RelationSchema relation, TableNotice notice) {
        builder.notice(relation, notice);
        return this;
    }

    ChangeFeed commit() {
        builder.commit(end());
        return this;
    }

    /** Id of the newest transaction. */
    long xid() {
        return lsn;
    }

    /** End LSN of the newest transaction. */
    Lsn end() {
        return new Lsn(lsn + 8);
    }

    Lsn commitLsn() {
        return new Lsn(lsn);
    }

    ChangeBatch batch() {
        return builder.cutWhole();
    }

    ChangeBatch part() {
        return builder.cutPart();
    }
}
