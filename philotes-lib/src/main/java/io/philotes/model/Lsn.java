// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

/**
 * A position in PostgreSQL's write-ahead log: an unsigned 64-bit number, written {@code X/Y} in hexadecimal as PostgreSQL
 * does (type {@code pg_lsn}, manual section 8.20).
 *
 * <p>Immutable; ordered unsigned. Every position named {@code …UpTo} or {@code endLsn} is an exclusive upper bound.
 *
 * @param value the 64 bits
 */
public record Lsn(long value) implements Comparable<Lsn> {

    /** {@code 0/0}, which PostgreSQL never uses for a record: "nothing yet". */
    public static final Lsn ZERO = new Lsn(0);

    /** The highest position: "until the end". */
    public static final Lsn MAX = new Lsn(-1L);

    /** Reads {@code X/Y}; throws {@link IllegalArgumentException} for anything else. */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || slash == text.length() - 1 || text.length() - slash > 9) {
            throw new IllegalArgumentException("not an LSN (X/Y in hexadecimal): '" + text + "'");
        }
        return new Lsn(hexadecimal(text, 0, slash) << 32 | hexadecimal(text, slash + 1, text.length()));
    }

    /** Stricter than the JDK, which takes signs and the digits of other scripts. */
    private static long hexadecimal(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new IllegalArgumentException("not an LSN (X/Y in hexadecimal): '" + text + "'");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** The later of two. */
    public static Lsn max(Lsn a, Lsn b) {
        return a.isAfter(b) ? a : b;
    }

    /** The earlier of two. */
    public static Lsn min(Lsn a, Lsn b) {
        return a.isAfter(b) ? b : a;
    }

    /** Unsigned, as positions are. */
    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    /** Unsigned, as positions are. */
    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    /** Bytes of WAL from {@code earlier} to here; zero when {@code earlier} is not earlier. */
    public long bytesSince(Lsn earlier) {
        return isAfter(earlier) ? value - earlier.value : 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFFFFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
