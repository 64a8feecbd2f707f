// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.TupleView;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Tuples in the stream's form, for tests. */
final class Tuples {

    /** Marks a column as unchanged. */
    static final Object UNCHANGED = new Object();

    private Tuples() {}

    /** Each column is null, {@link #UNCHANGED}, a String (text form) or a byte[] (binary form). */
    static TupleView of(Object... columns) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(columns.length);
            for (Object column : columns) {
                write(column, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TupleView tuple = new TupleView();
        tuple.readTupleData(bytes.toByteArray(), 0, bytes.size());
        return tuple;
    }

    private static void write(Object column, DataOutputStream out) throws IOException {
        if (column == null) {
            out.writeByte(TupleView.NULL);
        } else if (column == UNCHANGED) {
            out.writeByte(TupleView.UNCHANGED);
        } else {
            byte[] value = column instanceof String text ? WireCases.utf8(text) : (byte[]) column;
            out.writeByte(column instanceof String ? TupleView.TEXT : TupleView.BINARY);
            out.writeInt(value.length);
            out.write(value);
        }
    }
}
