// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/** jsonb: its text; in binary a version byte, 1, before the text. */
final class JsonbDecoder implements ValueDecoder {

    static final JsonbDecoder INSTANCE = new JsonbDecoder();

    private static final byte VERSION = 1;

    private JsonbDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        out.setBytes(at, source, offset, length);
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length < 1 || source[offset] != VERSION) {
            throw BadValueException.malformed("a jsonb of version 1");
        }
        out.setBytes(at, source, offset + 1, length - 1);
    }
}
