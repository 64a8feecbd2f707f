// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written {@code 64MiB}. Immutable.
 *
 * @param bytes positive
 */
public record ByteSize(long bytes) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})\\s?(B|KiB|MiB|GiB|TiB)");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    public ByteSize {
        if (bytes <= 0) {
            throw new IllegalArgumentException("must be a positive size such as 64MiB");
        }
    }

    /**
     * Reads a whole number with one of the units B, KiB, MiB, GiB, TiB.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static ByteSize of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a size such as 64MiB (units B, KiB, MiB, GiB, TiB)");
        }
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor(matcher.group(2))));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("must be a size below 8388608TiB", e);
        }
    }

    private static long factor(String unit) {
        long factor = 1;
        for (int i = 0; !UNITS[i].equals(unit); i++) {
            factor <<= 10;
        }
        return factor;
    }

    /** The shortest text that {@link #of} reads back as the same size. */
    @Override
    public String toString() {
        long rest = bytes;
        int unit = 0;
        while (rest % 1024 == 0 && unit < UNITS.length - 1) {
            rest /= 1024;
            unit++;
        }
        return rest + UNITS[unit];
    }
}
