// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/**
 * {@code "char"}, one byte. The text form of 0 is empty, of a byte above 127 a backslash and three octal digits (before
 * PostgreSQL 16 the byte itself, which is no UTF-8); the binary form is the byte itself, and is kept as the same text.
 *
 * <p>Before 16 a database in another encoding than UTF-8 sends the text of such a byte as its character: which byte it was,
 * nothing here says, and the character is kept.
 */
final class CharDecoder implements ValueDecoder {

    static final CharDecoder INSTANCE = new CharDecoder();

    private CharDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        if (length == 1 && source[offset] < 0) {
            binary(source, offset, length, out, at);
        } else {
            out.setBytes(at, source, offset, length);
        }
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 1) {
            throw BadValueException.malformed("a \"char\"");
        }
        int value = source[offset];
        if (value >= 0) {
            out.setBytes(at, source, offset, value == 0 ? 0 : 1);
            return;
        }
        byte[] text = out.ownBytes(at, 4);
        text[0] = '\\';
        text[1] = (byte) ('0' + (value >> 6 & 3));
        text[2] = (byte) ('0' + (value >> 3 & 7));
        text[3] = (byte) ('0' + (value & 7));
    }
}
