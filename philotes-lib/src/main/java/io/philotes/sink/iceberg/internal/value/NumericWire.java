// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;

/**
 * The binary form of a numeric ({@code numeric_send}), all big-endian:
 *
 * <pre>
 * int16 count | int16 weight | int16 sign | int16 dscale | count × int16 digit, base 10000
 * value = sign × sum of digit[i] × 10000^(weight - i), printed with dscale fraction digits
 * </pre>
 */
final class NumericWire {

    static final int POSITIVE = 0x0000;
    static final int NEGATIVE = 0x4000;
    static final int NAN = 0xC000;
    static final int POSITIVE_INFINITY = 0xD000;
    static final int NEGATIVE_INFINITY = 0xF000;

    private static final int HEADER = 8;
    private static final int MAX_DSCALE = 0x3FFF;

    private NumericWire() {}

    /** Checks the whole value once; the readers below rely on it. */
    static void check(byte[] source, int offset, int length) {
        if (length < HEADER || length != HEADER + 2 * count(source, offset) || dscale(source, offset) > MAX_DSCALE) {
            throw malformed();
        }
        switch (sign(source, offset)) {
            case POSITIVE, NEGATIVE, NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY -> {}
            default -> throw malformed();
        }
        for (int i = 0; i < count(source, offset); i++) {
            if (digit(source, offset, i) > 9999) {
                throw malformed();
            }
        }
    }

    static int count(byte[] source, int offset) {
        return Short.toUnsignedInt(BigEndian.getShort(source, offset));
    }

    static int weight(byte[] source, int offset) {
        return BigEndian.getShort(source, offset + 2);
    }

    static int sign(byte[] source, int offset) {
        return Short.toUnsignedInt(BigEndian.getShort(source, offset + 4));
    }

    static int dscale(byte[] source, int offset) {
        return Short.toUnsignedInt(BigEndian.getShort(source, offset + 6));
    }

    static int digit(byte[] source, int offset, int i) {
        return Short.toUnsignedInt(BigEndian.getShort(source, offset + HEADER + 2 * i));
    }

    static BadValueException malformed() {
        return BadValueException.malformed("a numeric");
    }
}
