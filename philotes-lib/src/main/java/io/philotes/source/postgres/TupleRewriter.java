// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.BigEndian;
import io.philotes.model.TupleView;
import java.util.Arrays;

/**
 * Copies tuples and applies the rules of their relation on the way: excluded columns are dropped, masked ones replaced; NULL
 * and what an update left unchanged stay what they are, but that the mask NULL makes NULL of everything. Confined to one thread; its array is used again after
 * {@link #clear}.
 */
final class TupleRewriter {

    private static final int FIRST_SIZE = 1024;
    private static final int KEPT_SIZE = 1024 * 1024;

    private final Masker masker = new Masker();
    private final TupleView view = new TupleView();
    private byte[] bytes = new byte[FIRST_SIZE];
    private int at;

    /** Where the tuples are that were appended since {@link #clear}, one right behind the other. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return at;
    }

    void clear() {
        at = 0;
        if (bytes.length > KEPT_SIZE) {
            bytes = new byte[FIRST_SIZE];
        }
    }

    /** Appends a TupleData that the server sent, as a TupleData that may be given on. */
    void append(RuledRelation relation, byte[] tuple, int offset, int length) {
        view.readTupleData(tuple, offset, offset + length);
        putShort(relation.given().columns().size());
        for (int i = 0; i < view.columnCount(); i++) {
            ColumnRule rule = relation.rules().get(i);
            if (rule == ColumnRule.KEEP || rule.readsText() && (view.isNull(i) || view.isUnchanged(i))) {
                putAsIs(i);
            } else if (rule.isMask()) {
                requireText(relation, i);
                putTupleValue(masked(rule, view, i));
            }
        }
    }

    private void requireText(RuledRelation relation, int i) {
        boolean isText = view.kind(i) == TupleView.TEXT
                || !relation.rules().get(i).readsText()
                || ColumnRule.isTextual(relation.wire().columns().get(i).type());
        if (!isText) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot mask a value that did not come as text")
                    .inTable(relation.wire().table());
        }
    }

    private byte[] masked(ColumnRule rule, TupleView row, int i) {
        return masker.masked(rule, row.bytes(), row.offset(i), row.length(i));
    }

    private void putAsIs(int i) {
        putByte(view.kind(i));
        if (!view.isNull(i) && !view.isUnchanged(i)) {
            putInt(view.length(i));
            put(view.bytes(), view.offset(i), view.length(i));
        }
    }

    private void putTupleValue(byte[] value) {
        putByte(value == null ? TupleView.NULL : TupleView.TEXT);
        if (value != null) {
            putInt(value.length);
            put(value, 0, value.length);
        }
    }

    /** Appends a row of a table copy, selected without its excluded columns and with masked ones as text. */
    void appendCopied(RuledRelation relation, TupleView row) {
        putShort(row.columnCount());
        int column = 0;
        for (ColumnRule rule : relation.rules()) {
            if (rule != ColumnRule.EXCLUDE) {
                putCopied(rule, row, column++);
            }
        }
    }

    private void putCopied(ColumnRule rule, TupleView row, int i) {
        if (row.isNull(i)) {
            putInt(-1);
        } else if (rule.isMask()) {
            byte[] value = masked(rule, row, i);
            putInt(value == null ? -1 : value.length);
            put(value == null ? new byte[0] : value, 0, value == null ? 0 : value.length);
        } else {
            putInt(row.length(i));
            put(row.bytes(), row.offset(i), row.length(i));
        }
    }

    private void putByte(byte value) {
        ensure(1);
        bytes[at++] = value;
    }

    private void putShort(int value) {
        putByte((byte) (value >> 8));
        putByte((byte) value);
    }

    private void putInt(int value) {
        ensure(4);
        BigEndian.putInt(bytes, at, value);
        at += 4;
    }

    private void put(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, at, length);
        at += length;
    }

    private void ensure(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(at, more), (int) Math.min(bytes.length * 2L, 1 << 30)));
        }
    }
}
