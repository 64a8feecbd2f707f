// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.List;
import java.util.Objects;

/**
 * What travels from capture through the buffer to the sinks: changes in commit order, as one byte array with tuples in the
 * wire form that PostgreSQL sent, and the relation versions that decode them.
 *
 * <p>A batch holds <em>whole transactions</em>, or <em>one part of one transaction</em> that was too large for a batch. An
 * empty batch is a progress mark: nothing happened up to {@link #endLsn}. Each batch is self-contained: a part begins with
 * a Begin record that says at which ordinal it goes on.
 *
 * <p>The bytes are a run of records, all numbers big-endian:
 *
 * <pre>
 * record   int32 length of what follows | int8 kind | body
 * 'B' begin      int64 commitLsn | int64 commit time, µs since 1970 UTC | int32 xid | int64 ordinal of the next change
 * 'I' insert     int32 relation | new tuple
 * 'U' update     int32 relation | int8 'K', 'O' or 0 | old tuple, unless 0 | new tuple
 * 'D' delete     int32 relation | int8 'K' or 'O' | old tuple
 * 'T' truncate   int8 options | int32 count | count × int32 relation
 * 'N' notice     int32 relation | bytes of a {@link TableNotice}; takes no ordinal
 * 'C' commit     int64 commitLsn | int64 endLsn
 * tuple          TupleData as in the manual, "Logical Replication Message Formats"
 * relation       index into {@link #relations()}
 * </pre>
 *
 * <p>Immutable once built; the array is shared and must not be written to. Read it with {@link #cursor()}, write it with
 * {@link ChangeBatchBuilder}.
 */
public final class ChangeBatch {

    /** The Begin record's kind; the others follow the drawing above. */
    static final byte BEGIN = 'B';

    static final byte INSERT = 'I';
    static final byte UPDATE = 'U';
    static final byte DELETE = 'D';
    static final byte TRUNCATE = 'T';
    static final byte NOTICE = 'N';
    static final byte COMMIT = 'C';

    private final byte[] bytes;
    private final int length;
    private final List<RelationSchema> relations;
    private final Extent extent;
    private final ChangeCounts counts;

    /**
     * What a batch says of itself, besides its bytes.
     *
     * @param endLsn exclusive upper bound of everything up to the batch's end; {@link Lsn#ZERO} when it ends inside a
     *     transaction
     * @param startsInside whether it goes on with a transaction that an earlier batch began
     * @param endsInside whether its transaction goes on in the next batch
     * @param changeCount inserts, updates, deletes and truncates in it
     * @param lastCommitMicros commit time of the newest transaction that has records in it, µs since 1970 UTC; 0 when empty
     */
    public record Extent(
            Lsn endLsn, boolean startsInside, boolean endsInside, long changeCount, long lastCommitMicros) {

        public Extent {
            Objects.requireNonNull(endLsn, "endLsn");
            if (endsInside != endLsn.equals(Lsn.ZERO)) {
                throw new IllegalArgumentException(
                        "a batch has an end LSN exactly when it ends on a transaction boundary");
            }
        }
    }

    /** Wraps bytes that follow the drawing above; they are not checked here but by the cursor that reads them. */
    public ChangeBatch(byte[] bytes, int length, List<RelationSchema> relations, Extent extent) {
        this(bytes, length, relations, extent, ChangeCounts.NONE);
    }

    ChangeBatch(byte[] bytes, int length, List<RelationSchema> relations, Extent extent, ChangeCounts counts) {
        Objects.checkFromIndexSize(0, length, bytes.length);
        this.bytes = bytes;
        this.length = length;
        this.relations = List.copyOf(relations);
        this.extent = Objects.requireNonNull(extent, "extent");
        this.counts = counts;
    }

    /** A batch without changes that moves progress to {@code endLsn}. */
    public static ChangeBatch progress(Lsn endLsn) {
        return new ChangeBatch(new byte[0], 0, List.of(), new Extent(endLsn, false, false, 0, 0));
    }

    /** A new cursor before the first record; any number may read at the same time. */
    public ChangeCursor cursor() {
        return new ChangeCursor(this);
    }

    /** What it covers. */
    public Extent extent() {
        return extent;
    }

    /** See {@link Extent#endLsn}. */
    public Lsn endLsn() {
        return extent.endLsn();
    }

    /** Whether a sink may commit after this batch. */
    public boolean endsOnBoundary() {
        return !extent.endsInside();
    }

    /** Whether it only says how far the stream is. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** See {@link Extent#changeCount}. */
    public long changeCount() {
        return extent.changeCount();
    }

    /**
     * How many changes there are of each table, and of what kind. Known of a batch as its builder cut it off, and
     * {@link ChangeCounts#NONE} of one that was read back from where it was kept.
     */
    public ChangeCounts counts() {
        return counts;
    }

    /** The relation versions, in the order in which records refer to them. */
    public List<RelationSchema> relations() {
        return relations;
    }

    /** The record bytes: the first {@link #length} of this array; shared, never to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** How much of {@link #bytes} is in use. */
    public int length() {
        return length;
    }
}
