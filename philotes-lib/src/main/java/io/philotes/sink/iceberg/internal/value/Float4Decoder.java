// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;
import java.nio.charset.StandardCharsets;

/** float4, into a float or, widened exactly, a double. Every NaN becomes the one canonical NaN. */
final class Float4Decoder implements ValueDecoder {

    static final Float4Decoder AS_FLOAT = new Float4Decoder(false);
    static final Float4Decoder AS_DOUBLE = new Float4Decoder(true);

    private final boolean widened;

    private Float4Decoder(boolean widened) {
        this.widened = widened;
    }

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        try {
            put(Float.parseFloat(new String(source, offset, length, StandardCharsets.US_ASCII)), out, at);
        } catch (NumberFormatException e) {
            throw BadValueException.malformed("a float4");
        }
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 4) {
            throw BadValueException.malformed("a float4");
        }
        put(Float.intBitsToFloat(BigEndian.getInt(source, offset)), out, at);
    }

    private void put(float value, Slots out, int at) {
        out.setNumber(at, widened ? Double.doubleToLongBits(value) : Float.floatToIntBits(value));
    }
}
