// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Walks the records of one {@link ChangeBatch} in commit order. Mutable, confined to one thread; the tuples it hands out
 * are windows that move with {@link #next()}.
 *
 * <p>Malformed bytes end in {@link MalformedBatchException}, never in a wrong value.
 */
public final class ChangeCursor {

    /** What a record is. */
    public enum Kind {
        BEGIN,
        INSERT,
        UPDATE,
        DELETE,
        TRUNCATE,
        /** Not a change of rows; see {@link TableNotice}. */
        NOTICE,
        COMMIT
    }

    private final byte[] bytes;
    private final int length;
    private final List<RelationSchema> relations;
    private final TupleView oldTuple = new TupleView();
    private final TupleView newTuple = new TupleView();

    private int at;
    private int bodyAt;
    private int recordEnd;
    private Kind kind;
    private long commitLsn;
    private long commitMicros;
    private int xid;
    private long nextOrdinal;
    private int newTupleAt;
    private boolean inside;
    private final boolean endsInside;

    ChangeCursor(ChangeBatch batch) {
        this.bytes = batch.bytes();
        this.length = batch.length();
        this.relations = batch.relations();
        this.endsInside = !batch.endsOnBoundary();
    }

    /** Moves to the next record; false at the end. */
    public boolean next() {
        if (at == length) {
            require(inside == endsInside, "end: a transaction is open");
            return false;
        }
        require(length - at >= 5, "record header");
        int size = BigEndian.getInt(bytes, at);
        require(size >= 1 && size <= length - at - 4, "record length");
        recordEnd = at + 4 + size;
        bodyAt = at + 5;
        kind = kindOf(bytes[at + 4]);
        at = recordEnd;
        require(inside != (kind == Kind.BEGIN), "order of records");
        enter();
        return true;
    }

    private void enter() {
        switch (kind) {
            case BEGIN -> begin();
            case INSERT, UPDATE, DELETE -> change();
            case TRUNCATE -> nextOrdinal++;
            case NOTICE -> require(recordEnd - bodyAt >= 5, "notice");
            case COMMIT -> commit();
        }
    }

    private void commit() {
        require(recordEnd - bodyAt == 16 && BigEndian.getLong(bytes, bodyAt) == commitLsn, "commit");
        inside = false;
    }

    private void begin() {
        require(recordEnd - bodyAt == 28, "begin");
        commitLsn = BigEndian.getLong(bytes, bodyAt);
        commitMicros = BigEndian.getLong(bytes, bodyAt + 8);
        xid = BigEndian.getInt(bytes, bodyAt + 16);
        nextOrdinal = BigEndian.getLong(bytes, bodyAt + 20);
        require(nextOrdinal >= 0, "ordinal");
        inside = true;
    }

    private void change() {
        nextOrdinal++;
        require(recordEnd - bodyAt >= 4, "relation");
        newTupleAt = -1;
    }

    private static Kind kindOf(byte letter) {
        return switch (letter) {
            case ChangeBatch.BEGIN -> Kind.BEGIN;
            case ChangeBatch.INSERT -> Kind.INSERT;
            case ChangeBatch.UPDATE -> Kind.UPDATE;
            case ChangeBatch.DELETE -> Kind.DELETE;
            case ChangeBatch.TRUNCATE -> Kind.TRUNCATE;
            case ChangeBatch.NOTICE -> Kind.NOTICE;
            case ChangeBatch.COMMIT -> Kind.COMMIT;
            default -> throw new MalformedBatchException("unknown record kind " + letter);
        };
    }

    /** What the current record is. */
    public Kind kind() {
        return kind;
    }

    /** Commit position of the current transaction. */
    public Lsn commitLsn() {
        return new Lsn(commitLsn);
    }

    /** {@link #commitLsn} without an object, unsigned. */
    public long commitLsnValue() {
        return commitLsn;
    }

    /** Commit time of the current transaction, µs since 1970 UTC. */
    public long commitMicros() {
        return commitMicros;
    }

    /** Transaction id, unsigned 32 bits; it wraps, so it means something only inside one transaction. */
    public int xid() {
        return xid;
    }

    /** Place of the current change in its transaction, from 0; of a notice, that of the change behind it. */
    public long ordinal() {
        return kind == Kind.NOTICE ? nextOrdinal : nextOrdinal - 1;
    }

    /** The relation version of the current insert, update, delete or notice. */
    public RelationSchema relation() {
        return relations.get(relationIndex());
    }

    /** Index of {@link #relation()} in {@link ChangeBatch#relations()}. */
    public int relationIndex() {
        return checkedRelation(BigEndian.getInt(bytes, bodyAt));
    }

    private int checkedRelation(int index) {
        require(index >= 0 && index < relations.size(), "relation index");
        return index;
    }

    /** Whether the record carries an old tuple: always for a delete, for an update when the identity asks for it. */
    public boolean hasOldTuple() {
        return kind == Kind.DELETE || (kind == Kind.UPDATE && oldKind() != 0);
    }

    /** Whether the old tuple is a whole row (replica identity FULL); otherwise its non-key columns mean "not sent". */
    public boolean oldTupleIsFull() {
        return oldKind() == 'O';
    }

    private byte oldKind() {
        require((kind == Kind.UPDATE || kind == Kind.DELETE) && bodyAt + 4 < recordEnd, "old tuple kind");
        byte letter = bytes[bodyAt + 4];
        require(letter == 'K' || letter == 'O' || (letter == 0 && kind == Kind.UPDATE), "old tuple kind");
        return letter;
    }

    /** The old tuple of an update or delete; call only when {@link #hasOldTuple()}. */
    public TupleView oldTuple() {
        require(hasOldTuple(), "old tuple");
        newTupleAt = oldTuple.readTupleData(bytes, bodyAt + 5, recordEnd);
        require(kind == Kind.UPDATE || newTupleAt == recordEnd, "old tuple");
        return oldTuple;
    }

    /** The new tuple of an insert or update. */
    public TupleView newTuple() {
        int end = newTuple.readTupleData(bytes, newTupleOffset(), recordEnd);
        require(end == recordEnd, "new tuple");
        return newTuple;
    }

    private int newTupleOffset() {
        if (kind == Kind.INSERT) {
            return bodyAt + 4;
        }
        require(kind == Kind.UPDATE, "new tuple");
        if (!hasOldTuple()) {
            return bodyAt + 5;
        }
        if (newTupleAt < 0) {
            oldTuple();
        }
        return newTupleAt;
    }

    /** The relations that a truncate names, in message order. */
    public List<RelationSchema> truncated() {
        require(kind == Kind.TRUNCATE && recordEnd - bodyAt >= 5, "truncate");
        int count = BigEndian.getInt(bytes, bodyAt + 1);
        require(count >= 0 && (long) count * 4 == recordEnd - bodyAt - 5, "truncate");
        List<RelationSchema> named = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            named.add(relations.get(checkedRelation(BigEndian.getInt(bytes, bodyAt + 5 + 4 * i))));
        }
        return named;
    }

    /** What a notice record says of {@link #relation()}. */
    public TableNotice notice() {
        require(kind == Kind.NOTICE, "notice");
        return TableNotice.parse(bytes, bodyAt + 4, recordEnd - bodyAt - 4);
    }

    /** End position of the transaction; only on a commit record. */
    public Lsn endLsn() {
        require(kind == Kind.COMMIT, "commit");
        return new Lsn(BigEndian.getLong(bytes, bodyAt + 8));
    }

    /**
     * The current insert, update or delete as a batch of its own that refers to nothing of this one: a part of its
     * transaction, that is a Begin record and the change.
     */
    public ChangeBatch alone() {
        require(kind == Kind.INSERT || kind == Kind.UPDATE || kind == Kind.DELETE, "change");
        int begin = 4 + 1 + 28;
        byte[] alone = new byte[begin + 4 + BigEndian.getInt(bytes, bodyAt - 5)];
        BigEndian.putInt(alone, 0, begin - 4);
        alone[4] = ChangeBatch.BEGIN;
        BigEndian.putLong(alone, 5, commitLsn);
        BigEndian.putLong(alone, 13, commitMicros);
        BigEndian.putInt(alone, 21, xid);
        BigEndian.putLong(alone, 25, ordinal());
        System.arraycopy(bytes, bodyAt - 5, alone, begin, alone.length - begin);
        BigEndian.putInt(alone, begin + 5, 0);
        return new ChangeBatch(
                alone,
                alone.length,
                List.of(relation()),
                new ChangeBatch.Extent(Lsn.ZERO, ordinal() > 0, true, 1, commitMicros));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new MalformedBatchException("batch is malformed at its " + what);
        }
    }
}
