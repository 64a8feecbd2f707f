// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/** {@code t} or {@code f}; one byte, 1 or 0. */
final class BooleanDecoder implements ValueDecoder {

    static final BooleanDecoder INSTANCE = new BooleanDecoder();

    private BooleanDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        put(source, offset, length, 't', 'f', out, at);
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        put(source, offset, length, 1, 0, out, at);
    }

    private static void put(byte[] source, int offset, int length, int yes, int no, Slots out, int at) {
        if (length != 1 || (source[offset] != yes && source[offset] != no)) {
            throw BadValueException.malformed("a boolean");
        }
        out.setNumber(at, source[offset] == yes ? 1 : 0);
    }
}
