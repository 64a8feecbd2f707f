// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the records of a {@link ChangeBatch}, one transaction after the other, and cuts batches off. Confined to one
 * thread. Tuple bytes are copied once, from the message into the batch.
 *
 * <p>Inside a transaction {@link #cutWhole()} gives what is complete so far and keeps the open rest; {@link #cutPart()} gives
 * the open rest as a part. So a batch holds whole transactions, or a part of exactly one.
 */
public final class ChangeBatchBuilder {

    private static final int FIRST_SIZE = 16 * 1024;

    /** Room to grow to before a batch is cut off; the last row goes beyond what was asked for. */
    private final int roomyBytes;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int at;
    private List<RelationSchema> relations = new ArrayList<>();
    private Map<RelationSchema, Integer> relationIndexes = new IdentityHashMap<>();
    private final ChangeTally tally = new ChangeTally();

    private boolean open;
    private boolean continued;
    private int openedAt;
    private Lsn commitLsn = Lsn.ZERO;
    private long commitMicros;
    private int xid;
    private long ordinal;

    private Lsn endLsn = Lsn.ZERO;
    private long wholeChanges;

    /** What the parts that were cut off had of the open transaction. */
    private long givenOrdinal;

    private long wholeCommitMicros;

    /** For batches of any size. */
    public ChangeBatchBuilder() {
        this(FIRST_SIZE);
    }

    /**
     * For batches that are cut off when they reach a size.
     *
     * @param batchBytes that size; it only decides how arrays grow
     */
    public ChangeBatchBuilder(int batchBytes) {
        this.roomyBytes = Math.max(FIRST_SIZE, batchBytes + batchBytes / 8);
    }

    /** Begins a transaction; none may be open. */
    public void begin(Lsn transactionCommitLsn, long transactionCommitMicros, int transactionXid) {
        requireOpen(false);
        if (continued) {
            throw new IllegalStateException("the end of a parted transaction must be cut off before the next begins");
        }
        open = true;
        openedAt = at;
        commitLsn = transactionCommitLsn;
        commitMicros = transactionCommitMicros;
        xid = transactionXid;
        ordinal = 0;
        givenOrdinal = 0;
        writeBegin();
    }

    private void writeBegin() {
        record(ChangeBatch.BEGIN, 28);
        putLong(commitLsn.value());
        putLong(commitMicros);
        putInt(xid);
        putLong(ordinal);
    }

    /** Adds an insert; {@code tuple[offset, offset + length)} is a TupleData. */
    public void insert(RelationSchema relation, byte[] tuple, int offset, int length) {
        change(ChangeBatch.INSERT, ChangeCounts.INSERT, relation, length);
        put(tuple, offset, length);
    }

    /**
     * Adds an update; the range holds the old tuple, unless {@code oldKind} is 0, and right behind it the new one.
     */
    public void update(RelationSchema relation, byte oldKind, byte[] tuples, int offset, int length) {
        change(ChangeBatch.UPDATE, ChangeCounts.UPDATE, relation, 1 + length);
        bytes[at++] = oldKind;
        put(tuples, offset, length);
    }

    /**
     * Adds an update whose two tuples lie apart in {@code message}, as they do in an Update message, where a kind byte
     * stands between them; without an old tuple {@code oldKind} and {@code oldLength} are 0.
     */
    public void update(
            RelationSchema relation,
            byte oldKind,
            byte[] message,
            int oldOffset,
            int oldLength,
            int newOffset,
            int newLength) {
        change(ChangeBatch.UPDATE, ChangeCounts.UPDATE, relation, 1 + oldLength + newLength);
        bytes[at++] = oldKind;
        put(message, oldOffset, oldLength);
        put(message, newOffset, newLength);
    }

    /** Adds a delete; {@code oldKind} is {@code 'K'} or {@code 'O'}. */
    public void delete(RelationSchema relation, byte oldKind, byte[] tuple, int offset, int length) {
        change(ChangeBatch.DELETE, ChangeCounts.DELETE, relation, 1 + length);
        bytes[at++] = oldKind;
        put(tuple, offset, length);
    }

    /** Adds a truncate; {@code options} as in the Truncate message. */
    public void truncate(List<RelationSchema> truncated, byte options) {
        requireOpen(true);
        int[] indexes = truncated.stream().mapToInt(this::indexOf).toArray();
        record(ChangeBatch.TRUNCATE, 5 + 4 * indexes.length);
        bytes[at++] = options;
        putInt(indexes.length);
        for (int index : indexes) {
            putInt(index);
            tally.change(index, ChangeCounts.TRUNCATE);
        }
        ordinal++;
    }

    /** Adds a notice about a table; it takes no ordinal and is no change. */
    public void notice(RelationSchema relation, TableNotice notice) {
        requireOpen(true);
        int index = indexOf(relation);
        byte[] body = notice.bytes();
        record(ChangeBatch.NOTICE, 4 + body.length);
        putInt(index);
        put(body, 0, body.length);
    }

    /** Ends the open transaction. */
    public void commit(Lsn transactionEndLsn) {
        requireOpen(true);
        record(ChangeBatch.COMMIT, 16);
        putLong(commitLsn.value());
        putLong(transactionEndLsn.value());
        open = false;
        tally.transaction(ordinal);
        endLsn = transactionEndLsn;
        wholeChanges += ordinal - givenOrdinal;
        wholeCommitMicros = commitMicros;
    }

    private void change(byte kind, int number, RelationSchema relation, int tupleLength) {
        requireOpen(true);
        int index = indexOf(relation);
        record(kind, 4 + tupleLength);
        putInt(index);
        tally.change(index, number);
        ordinal++;
    }

    private int indexOf(RelationSchema relation) {
        int size = relations.size();
        if (size > 0 && relations.get(size - 1) == relation) {
            return size - 1;
        }
        return relationIndexes.computeIfAbsent(relation, r -> {
            tally.relation(relations.size());
            relations.add(r);
            return relations.size() - 1;
        });
    }

    private void record(byte kind, int bodyLength) {
        ensure(5 + bodyLength);
        putInt(1 + bodyLength);
        bytes[at++] = kind;
    }

    private void ensure(int more) {
        if (bytes.length - at < more) {
            long twice = bytes.length < roomyBytes ? Math.min(bytes.length * 2L, roomyBytes) : bytes.length * 2L;
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(at, more), (int) Math.min(twice, 1 << 30)));
        }
    }

    private void put(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, at, length);
        at += length;
    }

    private void putInt(int value) {
        BigEndian.putInt(bytes, at, value);
        at += 4;
    }

    private void putLong(long value) {
        BigEndian.putLong(bytes, at, value);
        at += 8;
    }

    /** Bytes written since the last cut. */
    public int size() {
        return at;
    }

    /** Whether a transaction is open. */
    public boolean isOpen() {
        return open;
    }

    /** Whether at least one whole transaction (or the end of a parted one) awaits {@link #cutWhole()}. */
    public boolean hasWhole() {
        return open ? openedAt > 0 : at > 0;
    }

    /** Whether {@link #cutPart()} took a part of the transaction whose rest is here, open or just committed. */
    public boolean isContinued() {
        return continued;
    }

    /** Cuts off everything that is complete; an open transaction stays, from its Begin on. */
    public ChangeBatch cutWhole() {
        int cut = open ? openedAt : at;
        boolean startsInside = continued && !open;
        byte[] taken = take(cut);
        ChangeBatch batch = new ChangeBatch(
                taken,
                cut,
                relations,
                new ChangeBatch.Extent(endLsn, startsInside, false, wholeChanges, wholeCommitMicros),
                tally.cut(bytes, at));
        nothingIsWhole();
        if (!open) {
            continued = false;
        }
        return batch;
    }

    /** Cuts off what there is of the open transaction; call {@link #cutWhole()} first when {@link #hasWhole()}. */
    public ChangeBatch cutPart() {
        requireOpen(true);
        if (hasWhole()) {
            throw new IllegalStateException("whole transactions must be cut off before a part");
        }
        int cut = at;
        ChangeBatch batch = new ChangeBatch(
                take(cut),
                cut,
                relations,
                new ChangeBatch.Extent(Lsn.ZERO, continued, true, ordinal - givenOrdinal, commitMicros),
                tally.cut(bytes, 0));
        nothingIsWhole();
        continued = true;
        givenOrdinal = ordinal;
        writeBegin();
        return batch;
    }

    /**
     * An array that begins with the first {@code cut} bytes, which are gone from here. A well-filled array goes itself: with
     * a copy of each full batch capture allocated 790 bytes for a narrow row instead of 500.
     */
    private byte[] take(int cut) {
        byte[] from = bytes;
        boolean wellFilled = cut >= from.length - from.length / 4;
        at -= cut;
        if (wellFilled || from.length > roomyBytes) {
            bytes = new byte[Math.max(at, Math.min(from.length, roomyBytes))];
        }
        byte[] taken = wellFilled ? from : Arrays.copyOf(from, cut);
        System.arraycopy(from, cut, bytes, 0, at);
        return taken;
    }

    private void nothingIsWhole() {
        openedAt = 0;
        wholeChanges = 0;
        if (at == 0) {
            relations = new ArrayList<>();
            relationIndexes = new IdentityHashMap<>();
        }
    }

    private void requireOpen(boolean expected) {
        if (open != expected) {
            throw new IllegalStateException(open ? "a transaction is open" : "no transaction is open");
        }
    }
}
