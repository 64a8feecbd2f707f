// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/** bytea: {@code \x} and hexadecimal (the source sets {@code bytea_output}); the bytes themselves. */
final class ByteaDecoder implements ValueDecoder {

    static final ByteaDecoder INSTANCE = new ByteaDecoder();

    private ByteaDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        if (length < 2 || length % 2 != 0 || source[offset] != '\\' || source[offset + 1] != 'x') {
            throw BadValueException.malformed("a bytea in hex format");
        }
        int count = length / 2 - 1;
        byte[] bytes = out.ownBytes(at, count);
        for (int i = 0; i < count; i++) {
            int high = Character.digit(source[offset + 2 + 2 * i], 16);
            int low = Character.digit(source[offset + 3 + 2 * i], 16);
            if ((high | low) < 0) {
                throw BadValueException.malformed("a bytea in hex format");
            }
            bytes[i] = (byte) (high << 4 | low);
        }
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        out.setBytes(at, source, offset, length);
    }
}
