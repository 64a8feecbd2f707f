// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

/** Where a row is, in one number: {@code file ordinal << 40 | position}. Stateless. */
final class RowLocation {

    /** No row. */
    static final long NONE = -1;

    private static final int POSITION_BITS = 40;
    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;

    private RowLocation() {}

    static long of(int ordinal, long position) {
        return (long) ordinal << POSITION_BITS | position;
    }

    static int ordinal(long location) {
        return (int) (location >>> POSITION_BITS);
    }

    static long position(long location) {
        return location & POSITION_MASK;
    }
}
