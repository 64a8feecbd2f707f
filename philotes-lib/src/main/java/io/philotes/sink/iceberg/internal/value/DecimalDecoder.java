// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** numeric into a decimal, exactly or not at all: nothing is rounded. */
final class DecimalDecoder implements ValueDecoder {

    private static final int LONG_DIGITS = 18;

    private final int precision;
    private final int scale;
    private final DecimalSlot slot;

    DecimalDecoder(int precision, int scale) {
        this.precision = precision;
        this.scale = scale;
        this.slot = new DecimalSlot(precision);
    }

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        long unscaled = 0;
        int digits = 0;
        int fraction = -1;
        int end = offset + length;
        boolean negative = length > 0 && source[offset] == '-';
        for (int i = negative ? offset + 1 : offset; i < end; i++) {
            byte c = source[i];
            if (c == '.' && fraction < 0) {
                fraction = digits;
            } else if (c >= '0' && c <= '9') {
                digits++;
                if (digits <= LONG_DIGITS) {
                    unscaled = unscaled * 10 + (c - '0');
                }
            } else {
                throw notDigits(source, negative ? offset + 1 : offset, end);
            }
        }
        if (digits == 0) {
            throw NumericWire.malformed();
        }
        if (digits > LONG_DIGITS) {
            put(new BigDecimal(new String(source, offset, length, StandardCharsets.US_ASCII)), out, at);
        } else {
            put(negative ? -unscaled : unscaled, fraction < 0 ? 0 : fraction - digits, out, at);
        }
    }

    private static BadValueException notDigits(byte[] source, int offset, int end) {
        String text = new String(source, offset, end - offset, StandardCharsets.US_ASCII);
        return text.equals("NaN") || text.equals("Infinity") ? notFinite() : NumericWire.malformed();
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        NumericWire.check(source, offset, length);
        int sign = NumericWire.sign(source, offset);
        if (sign != NumericWire.POSITIVE && sign != NumericWire.NEGATIVE) {
            throw notFinite();
        }
        int count = NumericWire.count(source, offset);
        int weight = NumericWire.weight(source, offset);
        int exponent = 4 * (weight - count + 1);
        boolean negative = sign == NumericWire.NEGATIVE;
        if (count <= 4) {
            long value = 0;
            for (int i = 0; i < count; i++) {
                value = value * 10_000 + NumericWire.digit(source, offset, i);
            }
            put(negative ? -value : value, exponent, out, at);
        } else {
            requireSize(4 * (weight + 1) - 3, NumericWire.digit(source, offset, 0));
            put(new BigDecimal(big(source, offset, count, negative), -exponent), out, at);
        }
    }

    /** Refuses what is far too large before it is computed. */
    private void requireSize(int atLeastDigits, int firstDigit) {
        if (firstDigit > 0 && atLeastDigits > precision - scale) {
            throw tooLarge();
        }
    }

    private static BigInteger big(byte[] source, int offset, int count, boolean negative) {
        BigInteger base = BigInteger.valueOf(10_000);
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < count; i++) {
            value = value.multiply(base).add(BigInteger.valueOf(NumericWire.digit(source, offset, i)));
        }
        return negative ? value.negate() : value;
    }

    /** Stores {@code value × 10^exponent}; the value has at most 18 digits. */
    private void put(long value, int exponent, Slots out, int at) {
        int shift = exponent + scale;
        if (value == 0 || shift == 0) {
            slot.put(value, out, at);
        } else if (shift > LONG_DIGITS || shift < -LONG_DIGITS) {
            put(BigDecimal.valueOf(value, -exponent), out, at);
        } else if (shift < 0) {
            long power = DecimalSlot.power(-shift);
            if (value % power != 0) {
                throw tooPrecise();
            }
            slot.put(value / power, out, at);
        } else if (Math.multiplyHigh(value, DecimalSlot.power(shift)) == (value * DecimalSlot.power(shift)) >> 63) {
            slot.put(value * DecimalSlot.power(shift), out, at);
        } else {
            put(BigDecimal.valueOf(value, -exponent), out, at);
        }
    }

    private void put(BigDecimal value, Slots out, int at) {
        if ((long) value.precision() - value.scale() > precision - scale && value.signum() != 0) {
            throw tooLarge();
        }
        BigDecimal scaled;
        try {
            scaled = value.setScale(scale, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw tooPrecise();
        }
        slot.put(scaled.unscaledValue(), out, at);
    }

    private static BadValueException notFinite() {
        return BadValueException.outOfRange("NaN and infinity have no decimal");
    }

    private static BadValueException tooLarge() {
        return BadValueException.outOfRange("it has more digits than the target's decimal");
    }

    private static BadValueException tooPrecise() {
        return BadValueException.outOfRange("it has more fraction digits than the target's decimal");
    }
}
