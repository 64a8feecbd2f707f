// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.model.ChangeCursor;
import io.philotes.model.TupleView;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An update's new row with the values that the server did not send, for they are those of the old one. Confined to one thread;
 * what it gave is valid until it is asked again, or the cursor moves.
 */
final class CompletedTuple {

    private final TupleView completed = new TupleView();

    /** The new row; what the old one does not tell either stays unchanged in it. */
    TupleView of(ChangeCursor change) {
        TupleView row = change.newTuple();
        return row.hasUnchanged() && change.hasOldTuple()
                ? completed(row, change.oldTuple(), change.oldTupleIsFull())
                : row;
    }

    private TupleView completed(TupleView row, TupleView old, boolean oldIsFull) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(row.columnCount());
            for (int i = 0; i < row.columnCount(); i++) {
                boolean fromOld = row.isUnchanged(i) && i < old.columnCount() && (oldIsFull || !old.isNull(i));
                copy(fromOld ? old : row, i, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        completed.readTupleData(bytes.toByteArray(), 0, bytes.size());
        return completed;
    }

    /** In the form of a TupleData message. */
    private static void copy(TupleView from, int column, DataOutputStream out) throws IOException {
        byte kind = from.kind(column);
        out.writeByte(kind);
        if (kind == TupleView.TEXT || kind == TupleView.BINARY) {
            out.writeInt(from.length(column));
            out.write(from.bytes(), from.offset(column), from.length(column));
        }
    }
}
