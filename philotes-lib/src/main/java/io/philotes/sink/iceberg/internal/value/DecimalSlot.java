// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.math.BigInteger;
import org.apache.iceberg.types.TypeUtil;

/** Unscaled values of one precision in and out of slots: a number up to 18 digits, fixed-length bytes above. Stateless. */
final class DecimalSlot {

    private static final int MAX_LONG_DIGITS = 18;

    private static final long[] POWERS = new long[MAX_LONG_DIGITS + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final boolean asNumber;
    private final long longLimit;
    private final BigInteger limit;
    private final int width;

    DecimalSlot(int precision) {
        this.asNumber = isNumber(precision);
        this.longLimit = asNumber ? POWERS[precision] : Long.MAX_VALUE;
        this.limit = BigInteger.TEN.pow(precision);
        this.width = TypeUtil.decimalRequiredBytes(precision);
    }

    static boolean isNumber(int precision) {
        return precision <= MAX_LONG_DIGITS;
    }

    static long power(int exponent) {
        return POWERS[exponent];
    }

    void put(long unscaled, Slots out, int at) {
        if (asNumber) {
            if (unscaled >= longLimit || unscaled <= -longLimit) {
                throw tooLarge();
            }
            out.setNumber(at, unscaled);
            return;
        }
        byte[] bytes = out.ownBytes(at, width);
        for (int i = 0; i < width; i++) {
            int shift = 8 * (width - 1 - i);
            bytes[i] = (byte) (unscaled >> Math.min(shift, 63));
        }
    }

    void put(BigInteger unscaled, Slots out, int at) {
        if (unscaled.abs().compareTo(limit) >= 0) {
            throw tooLarge();
        }
        if (asNumber) {
            out.setNumber(at, unscaled.longValueExact());
            return;
        }
        byte[] value = unscaled.toByteArray();
        byte[] bytes = out.ownBytes(at, width);
        byte fill = (byte) (unscaled.signum() < 0 ? -1 : 0);
        java.util.Arrays.fill(bytes, 0, width - value.length, fill);
        System.arraycopy(value, 0, bytes, width - value.length, value.length);
    }

    static BigInteger unscaled(int precision, Slots slots, int at) {
        return isNumber(precision)
                ? BigInteger.valueOf(slots.number(at))
                : new BigInteger(slots.array(at), slots.offset(at), slots.length(at));
    }

    private static BadValueException tooLarge() {
        return BadValueException.outOfRange("it has more digits than the target's decimal");
    }
}
