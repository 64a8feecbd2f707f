// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;

/** Integers of 2, 4 and 8 bytes; an oid is 4 bytes, unsigned. */
final class IntegerDecoder implements ValueDecoder {

    static final IntegerDecoder INT2 = new IntegerDecoder(2, Short.MIN_VALUE, Short.MAX_VALUE);
    static final IntegerDecoder INT4 = new IntegerDecoder(4, Integer.MIN_VALUE, Integer.MAX_VALUE);
    static final IntegerDecoder INT8 = new IntegerDecoder(8, Long.MIN_VALUE, Long.MAX_VALUE);
    static final IntegerDecoder OID = new IntegerDecoder(4, 0, 0xFFFF_FFFFL);

    private final int width;
    private final long min;
    private final long max;

    private IntegerDecoder(int width, long min, long max) {
        this.width = width;
        this.min = min;
        this.max = max;
    }

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        long value = parse(source, offset, length);
        if (value < min || value > max) {
            throw malformed();
        }
        out.setNumber(at, value);
    }

    /** Counts downwards, because only the negative side holds every value. */
    private static long parse(byte[] source, int offset, int length) {
        boolean negative = length > 0 && source[offset] == '-';
        int from = negative ? offset + 1 : offset;
        int end = offset + length;
        if (from == end || end - from > 19) {
            throw malformed();
        }
        long value = 0;
        for (int i = from; i < end; i++) {
            int digit = source[i] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                throw malformed();
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw malformed();
        }
        return negative ? value : -value;
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != width) {
            throw malformed();
        }
        out.setNumber(
                at,
                switch (width) {
                    case 2 -> BigEndian.getShort(source, offset);
                    case 4 ->
                        min == 0
                                ? Integer.toUnsignedLong(BigEndian.getInt(source, offset))
                                : BigEndian.getInt(source, offset);
                    default -> BigEndian.getLong(source, offset);
                });
    }

    private static BadValueException malformed() {
        return BadValueException.malformed("an integer of its type");
    }
}
