// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Makes TupleData bytes in text form: null is NULL, {@link #UNCHANGED} is 'u'. */
final class Tuples {

    static final String UNCHANGED = new String("unchanged");

    private Tuples() {}

    static byte[] of(Object... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeShort(values.length);
            for (Object value : values) {
                put(out, value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(DataOutputStream out, Object value) throws IOException {
        if (value == null) {
            out.writeByte('n');
        } else if (isUnchanged(value)) {
            out.writeByte('u');
        } else {
            byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
            out.writeByte('t');
            out.writeInt(text.length);
            out.write(text);
        }
    }

    @SuppressWarnings("StringEquality")
    private static boolean isUnchanged(Object value) {
        return value == UNCHANGED;
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
