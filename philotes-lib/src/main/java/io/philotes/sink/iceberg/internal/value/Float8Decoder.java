// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;
import java.nio.charset.StandardCharsets;

/** float8. Every NaN becomes the one canonical NaN. */
final class Float8Decoder implements ValueDecoder {

    static final Float8Decoder INSTANCE = new Float8Decoder();

    private Float8Decoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        try {
            put(Double.parseDouble(new String(source, offset, length, StandardCharsets.US_ASCII)), out, at);
        } catch (NumberFormatException e) {
            throw BadValueException.malformed("a float8");
        }
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 8) {
            throw BadValueException.malformed("a float8");
        }
        put(Double.longBitsToDouble(BigEndian.getLong(source, offset)), out, at);
    }

    private static void put(double value, Slots out, int at) {
        out.setNumber(at, Double.doubleToLongBits(value));
    }
}
