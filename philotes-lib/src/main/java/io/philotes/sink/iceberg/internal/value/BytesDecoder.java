// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/** Text types: the wire bytes, in both forms, are the value. Also every type that is kept as its exact text. */
final class BytesDecoder implements ValueDecoder {

    static final BytesDecoder INSTANCE = new BytesDecoder();

    private BytesDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        out.setBytes(at, source, offset, length);
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        out.setBytes(at, source, offset, length);
    }
}
