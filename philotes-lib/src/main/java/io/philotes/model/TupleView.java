// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Arrays;

/**
 * A window on one tuple's bytes: for each column a kind, an offset and a length, in the wire form that PostgreSQL sent.
 *
 * <p>Mutable and reused: {@link #readTupleData} and {@link #readCopyTuple} move the window. Confined to one thread; valid
 * until its owner moves on. Values are neither copied nor decoded here.
 */
public final class TupleView {

    /** SQL NULL. */
    public static final byte NULL = 'n';

    /** An out-of-line value that the update did not touch and the server did not send; not NULL. */
    public static final byte UNCHANGED = 'u';

    /** Text form: the output of the type's output function, UTF-8. */
    public static final byte TEXT = 't';

    /** Binary form: the output of the type's send function. */
    public static final byte BINARY = 'b';

    private byte[] bytes = new byte[0];
    private int columnCount;
    private byte[] kinds = new byte[16];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];

    /**
     * Reads a TupleData (manual, "Logical Replication Message Formats"): int16 column count, then per column a kind byte
     * and, for {@code t} and {@code b}, an int32 length and that many bytes.
     *
     * @return the offset just behind the tuple
     * @throws MalformedBatchException when the tuple runs over {@code limit} or holds an unknown kind
     */
    public int readTupleData(byte[] source, int offset, int limit) {
        int at = begin(source, offset, limit);
        for (int i = 0; i < columnCount; i++) {
            at = readColumn(i, at, limit);
        }
        return at;
    }

    /**
     * Reads one tuple of {@code COPY … (FORMAT binary)} (manual, COPY, "Binary Format"): int16 field count, then per field
     * an int32 length (-1 is NULL) and that many bytes.
     *
     * @return the offset just behind the tuple
     * @throws MalformedBatchException when the tuple runs over {@code limit}
     */
    public int readCopyTuple(byte[] source, int offset, int limit) {
        int end = readWholeCopyTuple(source, offset, limit);
        require(end >= 0, "field length or value");
        return end;
    }

    /**
     * The same where the bytes may end inside of the tuple, or not be one: then the answer is -1, and the window is nowhere.
     * So a row is scanned once when it is whole, as nearly all are.
     */
    public int readWholeCopyTuple(byte[] source, int offset, int limit) {
        int at = begin(source, offset, limit);
        for (int i = 0; i < columnCount; i++) {
            int length = limit - at < 4 ? -2 : BigEndian.getInt(source, at);
            int present = Math.max(length, 0);
            if (length < -1 || present > limit - at - 4) {
                columnCount = 0;
                return -1;
            }
            at += 4;
            kinds[i] = length < 0 ? NULL : BINARY;
            offsets[i] = at;
            lengths[i] = present;
            at += present;
        }
        return at;
    }

    private int begin(byte[] source, int offset, int limit) {
        require(offset + 2 <= limit && limit <= source.length, "column count");
        int count = BigEndian.getShort(source, offset);
        require(count >= 0, "column count");
        bytes = source;
        columnCount = count;
        if (kinds.length < count) {
            kinds = new byte[count];
            offsets = new int[count];
            lengths = new int[count];
        }
        return offset + 2;
    }

    private int readColumn(int column, int at, int limit) {
        require(at < limit, "column kind");
        byte kind = bytes[at];
        kinds[column] = kind;
        if (kind == NULL || kind == UNCHANGED) {
            return place(column, at + 1, 0, limit);
        }
        require(kind == TEXT || kind == BINARY, "column kind");
        require(at + 5 <= limit, "column length");
        return place(column, at + 5, BigEndian.getInt(bytes, at + 1), limit);
    }

    private int place(int column, int at, int length, int limit) {
        require(length >= 0 && length <= limit - at, "column value");
        offsets[column] = at;
        lengths[column] = length;
        return at + length;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new MalformedBatchException("tuple ends early or is malformed at its " + what);
        }
    }

    /** A window of its own on the same bytes, which stays where it is. */
    public TupleView copy() {
        TupleView copy = new TupleView();
        copy.bytes = bytes;
        copy.columnCount = columnCount;
        copy.kinds = Arrays.copyOf(kinds, columnCount);
        copy.offsets = Arrays.copyOf(offsets, columnCount);
        copy.lengths = Arrays.copyOf(lengths, columnCount);
        return copy;
    }

    /** How many columns the tuple has. */
    public int columnCount() {
        return columnCount;
    }

    /** One of {@link #NULL}, {@link #UNCHANGED}, {@link #TEXT}, {@link #BINARY}. */
    public byte kind(int column) {
        return kinds[column];
    }

    /** Whether the column is {@link #NULL}. */
    public boolean isNull(int column) {
        return kinds[column] == NULL;
    }

    /** Whether the column is {@link #UNCHANGED}. */
    public boolean isUnchanged(int column) {
        return kinds[column] == UNCHANGED;
    }

    /** Whether any column is {@link #UNCHANGED}. */
    public boolean hasUnchanged() {
        for (int i = 0; i < columnCount; i++) {
            if (kinds[i] == UNCHANGED) {
                return true;
            }
        }
        return false;
    }

    /** The array that {@link #offset} points into; shared, never to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the value begins in {@link #bytes}. */
    public int offset(int column) {
        return offsets[column];
    }

    /** Bytes of the value; 0 for NULL and UNCHANGED. */
    public int length(int column) {
        return lengths[column];
    }
}
