// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * A row's place as one number that is never negative: {@code file ordinal << 40 | row position}. So a table has room for
 * 2²³ data files in the life of an index, and a file for 2⁴⁰ rows. Stateless.
 */
public final class Location {

    private static final int POSITION_BITS = 40;
    private static final long MAX_POSITION = (1L << POSITION_BITS) - 1;
    private static final int MAX_ORDINAL = (1 << 23) - 1;

    private Location() {}

    /** Throws {@link IllegalArgumentException} when a number has no room. */
    public static long of(int ordinal, long position) {
        if (ordinal < 0 || ordinal > MAX_ORDINAL || position < 0 || position > MAX_POSITION) {
            throw new IllegalArgumentException("no such place: file " + ordinal + ", row " + position);
        }
        return (long) ordinal << POSITION_BITS | position;
    }

    /** The data file's number. */
    public static int ordinal(long location) {
        return (int) (location >>> POSITION_BITS);
    }

    /** The row's position in the file, from 0. */
    public static long position(long location) {
        return location & MAX_POSITION;
    }
}
