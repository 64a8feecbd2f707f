// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/** uuid: 8-4-4-4-12 hexadecimal digits; 16 bytes. */
final class UuidDecoder implements ValueDecoder {

    static final UuidDecoder INSTANCE = new UuidDecoder();

    private UuidDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 36) {
            throw malformed();
        }
        byte[] bytes = out.ownBytes(at, 16);
        int from = offset;
        for (int i = 0; i < 16; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                if (source[from++] != '-') {
                    throw malformed();
                }
            }
            int high = Character.digit(source[from++], 16);
            int low = Character.digit(source[from++], 16);
            if ((high | low) < 0) {
                throw malformed();
            }
            bytes[i] = (byte) (high << 4 | low);
        }
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 16) {
            throw malformed();
        }
        out.setBytes(at, source, offset, length);
    }

    private static BadValueException malformed() {
        return BadValueException.malformed("a uuid");
    }
}
