// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import io.philotes.model.BatchCodec;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Column;
import io.philotes.model.MalformedBatchException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TupleView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A dead letter's change, taken apart for people. It is the customer's data. Immutable.
 *
 * @param operation what was done
 * @param commitMicros when its transaction was committed, µs since 1970 UTC
 * @param relation the version of the table's shape that it was sent with
 * @param oldRow what was sent of the row before; empty where nothing was
 * @param newRow the row after; empty for a delete
 */
public record ReadableChange(
        ChangeCursor.Kind operation,
        long commitMicros,
        RelationSchema relation,
        List<Field> oldRow,
        List<Field> newRow) {

    /** What was sent of a column. */
    public enum FieldKind {
        VALUE,
        NULL,
        /** An out-of-line value that the update did not touch, and that was not sent. */
        UNCHANGED,
        /** Of the old row only the key was sent. */
        NOT_SENT
    }

    /**
     * One column of a row.
     *
     * @param column its name
     * @param kind what was sent
     * @param text the value as PostgreSQL prints it; empty where it is none, or cannot be printed
     * @param bytes the value as it was sent; empty where it is none
     */
    public record Field(String column, FieldKind kind, Optional<String> text, byte[] bytes) {}

    public ReadableChange {
        oldRow = List.copyOf(oldRow);
        newRow = List.copyOf(newRow);
    }

    /**
     * Takes a letter's change apart.
     *
     * @throws MalformedBatchException when it is no change, or one of a later version
     */
    public static ReadableChange of(byte[] change, ValueText text) {
        ChangeCursor cursor = BatchCodec.decode(change).cursor();
        while (cursor.next()) {
            switch (cursor.kind()) {
                case INSERT, UPDATE, DELETE -> {
                    return read(cursor, text);
                }
                case BEGIN, TRUNCATE, NOTICE, COMMIT -> {
                    // Around the change.
                }
            }
        }
        throw new MalformedBatchException("a dead letter holds no change of a row");
    }

    private static ReadableChange read(ChangeCursor cursor, ValueText text) {
        List<Field> oldRow = cursor.hasOldTuple()
                ? fields(cursor.oldTuple(), cursor.relation(), text, cursor.oldTupleIsFull())
                : List.of();
        List<Field> newRow = cursor.kind() == ChangeCursor.Kind.DELETE
                ? List.of()
                : fields(cursor.newTuple(), cursor.relation(), text, true);
        return new ReadableChange(cursor.kind(), cursor.commitMicros(), cursor.relation(), oldRow, newRow);
    }

    private static List<Field> fields(TupleView tuple, RelationSchema relation, ValueText text, boolean full) {
        if (tuple.columnCount() != relation.columns().size()) {
            throw new MalformedBatchException("a row has " + tuple.columnCount() + " of "
                    + relation.columns().size() + " columns");
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < tuple.columnCount(); i++) {
            boolean sent = full || relation.keyColumns().contains(i);
            fields.add(field(tuple, i, relation.columns().get(i), text, sent));
        }
        return fields;
    }

    private static Field field(TupleView tuple, int at, Column column, ValueText text, boolean sent) {
        if (tuple.isUnchanged(at)) {
            return none(column, FieldKind.UNCHANGED);
        }
        if (tuple.isNull(at)) {
            return none(column, sent ? FieldKind.NULL : FieldKind.NOT_SENT);
        }
        int offset = tuple.offset(at);
        Optional<String> printed = text.of(column.type(), tuple.kind(at), tuple.bytes(), offset, tuple.length(at));
        byte[] bytes = Arrays.copyOfRange(tuple.bytes(), offset, offset + tuple.length(at));
        return new Field(column.name(), FieldKind.VALUE, printed, bytes);
    }

    private static Field none(Column column, FieldKind kind) {
        return new Field(column.name(), kind, Optional.empty(), new byte[0]);
    }
}
