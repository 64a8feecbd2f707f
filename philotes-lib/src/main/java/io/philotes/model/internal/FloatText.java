// SPDX-License-Identifier: Apache-2.0
package io.philotes.model.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Prints floating-point numbers as PostgreSQL does: of the shortest decimals strictly between the midpoints to the two
 * neighbours the nearest one. (Java's own text is longer at times before Java 19, and PostgreSQL, unlike most, never prints a
 * midpoint itself.) Stateless.
 */
public final class FloatText {

    private static final int MAX_DIGITS = 17;
    private static final int DOUBLE_FIXED_LIMIT = 15;
    private static final int FLOAT_FIXED_LIMIT = 6;

    private FloatText() {}

    public static String of(double value) {
        if (isSpecial(value)) {
            return special(value);
        }
        double size = Math.abs(value);
        BigDecimal below = new BigDecimal(Math.nextDown(size));
        double above = Math.nextUp(size);
        return sign(value) + text(new BigDecimal(size), below, above, DOUBLE_FIXED_LIMIT);
    }

    public static String of(float value) {
        if (isSpecial(value)) {
            return special(value);
        }
        float size = Math.abs(value);
        BigDecimal below = new BigDecimal(Math.nextDown(size));
        float above = Math.nextUp(size);
        return sign(value) + text(new BigDecimal(size), below, above, FLOAT_FIXED_LIMIT);
    }

    private static boolean isSpecial(double value) {
        return value == 0 || Double.isNaN(value) || Double.isInfinite(value);
    }

    private static String special(double value) {
        return value == 0 ? sign(value) + "0" : Double.toString(value);
    }

    private static String sign(double value) {
        return value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
    }

    /** What lies above the greatest number is as far away as what lies below. */
    private static String text(BigDecimal exact, BigDecimal below, double above, int fixedLimit) {
        BigDecimal two = BigDecimal.valueOf(2);
        BigDecimal next = Double.isInfinite(above) ? exact.multiply(two).subtract(below) : new BigDecimal(above);
        BigDecimal low = exact.add(below).divide(two);
        BigDecimal high = exact.add(next).divide(two);
        return print(shortest(exact, low, high).stripTrailingZeros(), fixedLimit);
    }

    private static BigDecimal shortest(BigDecimal exact, BigDecimal low, BigDecimal high) {
        for (int digits = 1; digits < MAX_DIGITS; digits++) {
            BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (isBetween(nearest, low, high)) {
                return nearest;
            }
            BigDecimal farther = exact.round(
                    new MathContext(digits, nearest.compareTo(exact) > 0 ? RoundingMode.DOWN : RoundingMode.UP));
            if (isBetween(farther, low, high)) {
                return farther;
            }
        }
        return exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static boolean isBetween(BigDecimal value, BigDecimal low, BigDecimal high) {
        return value.compareTo(low) > 0 && value.compareTo(high) < 0;
    }

    private static String print(BigDecimal shortest, int fixedLimit) {
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < fixedLimit) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String size = Integer.toString(Math.abs(exponent));
        return digits.charAt(0) + fraction + (exponent < 0 ? "e-" : "e+") + (size.length() < 2 ? "0" + size : size);
    }
}
